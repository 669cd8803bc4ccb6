"""The client of a language model, served or in process: requests in, replies out, with a cache and a budget.

Belongs here: asking, whatever for. Does not belong here: what is asked (prompts lie with the room that asks) and what
is made of a reply. What a model says is untrusted text: it is taken apart by `replies`, and nothing of it is ever run
outside the jail.
"""

from .budget import Budget, BudgetExceeded, Estimate
from .cache import ReplyCache
from .chat import Answer, ChatRequest, Failure, Message, ModelError, ModelUnavailable, Reply
from .client import Client
from .opening import chat_request, open_client
from .prompts import Prompt
from .replies import Shape, parsed, reads_as_english

__all__ = [
    "Answer",
    "Budget",
    "BudgetExceeded",
    "ChatRequest",
    "Client",
    "Estimate",
    "Failure",
    "Message",
    "ModelError",
    "ModelUnavailable",
    "Prompt",
    "Reply",
    "ReplyCache",
    "Shape",
    "chat_request",
    "open_client",
    "parsed",
    "reads_as_english",
]
