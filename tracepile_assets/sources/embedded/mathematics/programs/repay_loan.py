def repay_loan(balance, yearly_percent, payment):
    months = 0
    interest_paid = 0
    while balance > 0:
        interest = balance * yearly_percent // 1200
        if payment <= interest:
            return None
        interest_paid += interest
        balance += interest
        balance -= min(balance, payment)
        months += 1
    return {"months": months, "interest": interest_paid}
