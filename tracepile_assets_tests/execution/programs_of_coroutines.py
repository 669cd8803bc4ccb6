"""Small programs of coroutines, with an event loop of asyncio or driven by hand, by name.

What they return does not depend on how long anything takes, however long it takes.
"""

COROUTINES = {
    "a coroutine driven by hand": """
        class Ready:
            def __init__(self, value):
                self.value = value
            def __await__(self):
                got = yield self.value
                return [got, self.value]
        async def add(a, b):
            x = await Ready(a)
            x.append(await Ready(b))
            return x
        def f():
            c = add(1, 2)
            first = c.send(None)
            second = c.send('a')
            try:
                c.send('b')
            except StopIteration as stop:
                return first, second, stop.value
        """,
    "coroutines that run at once": """
        import asyncio
        async def work(name, steps, log):
            total = 0
            for i in range(steps):
                log.append((name, i))
                await asyncio.sleep(0)
                total += i
            return total
        async def main():
            log = []
            got = await asyncio.gather(work('a', 3, log), work('b', 2, log))
            print(got)
            return log
        def f():
            return asyncio.run(main())
        """,
    "a queue between two tasks": """
        import asyncio
        async def produce(queue, n):
            for i in range(n):
                await queue.put([i])
            await queue.put(None)
        async def main():
            queue = asyncio.Queue(2)
            producer = asyncio.create_task(produce(queue, 4))
            seen = []
            while (item := await queue.get()) is not None:
                item.append(len(seen))
                seen.append(item)
            await producer
            return seen, producer.done()
        def f():
            return asyncio.run(main())
        """,
    "locks, events and semaphores": """
        import asyncio
        async def main():
            lock, event, most = asyncio.Lock(), asyncio.Event(), asyncio.Semaphore(2)
            log = []
            async def enter(i):
                async with most:
                    async with lock:
                        log.append(i)
                        await asyncio.sleep(0)
                        log.append(-i)
                if i == 3:
                    event.set()
            async with asyncio.TaskGroup() as group:
                for i in range(1, 4):
                    group.create_task(enter(i))
                await event.wait()
            return log
        def f():
            return asyncio.run(main())
        """,
    "errors, cancelling and time that runs out": """
        import asyncio
        async def fail(i):
            await asyncio.sleep(0)
            raise ValueError(i)
        async def wait(log):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                log.append('cancelled')
                raise
        async def main():
            log = []
            errors = await asyncio.gather(fail(1), fail(2), return_exceptions=True)
            task = asyncio.create_task(wait(log))
            await asyncio.sleep(0)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                log.append(task.cancelled())
            try:
                async with asyncio.timeout(0.02):
                    await wait(log)
            except TimeoutError:
                log.append('late')
            return [error.args for error in errors], log
        def f():
            return asyncio.run(main())
        """,
    "asynchronous generators": """
        import asyncio
        async def count(n, log):
            for i in range(n):
                got = yield i
                log.append(got)
                await asyncio.sleep(0)
        async def main():
            log = []
            evens = []
            async for x in count(4, log):
                if x % 2 == 0:
                    evens.append(x)
            g = count(3, log)
            first = await g.__anext__()
            second = await g.asend('sent')
            await g.aclose()
            return evens, first, second, log
        def f():
            return asyncio.run(main())
        """,
    "timers of a loop of one's own": """
        import asyncio
        def f():
            loop = asyncio.new_event_loop()
            log = []
            def stop(word):
                log.append(word)
                loop.stop()
            loop.call_later(3600, stop, 'never')
            loop.call_later(0.02, log.append, 'second')
            loop.call_later(0.06, stop, 'last')
            loop.call_soon(log.append, 'first')
            loop.call_soon_threadsafe(log.append, 'safe')
            loop.run_forever()
            loop.close()
            return log, loop.is_closed()
        """,
    "loops that wait, to their end": """
        async def count(n):
            for i in range(n):
                yield [i]
        class Twice:
            def __init__(self):
                self.left = 2
            def __aiter__(self):
                return self
            async def __anext__(self):
                if not self.left:
                    raise StopAsyncIteration
                self.left -= 1
                return self.left
        class Nothing:
            def __aiter__(self):
                return self
            def __anext__(self):
                raise StopAsyncIteration('at once')
        async def listed():
            xs = [x async for x in count(2)]
            ys = {y: z for y in (1, 2) async for z in Twice()}
            return xs, ys, {n async for n in Nothing()}
        async def last():
            async for x in Twice():
                kept = x
        async def otherwise():
            async for x in Nothing():
                pass
            else:
                x = 'none'
            return x
        async def lazily():
            later = (x async for x in count(2))
            seen = []
            async for x in later:
                seen.append(x)
            return seen
        async def by_hand():
            it = count(1)
            got = await it.__anext__()
            try:
                await it.__anext__()
            except StopAsyncIteration as stop:
                return got, stop.args
        async def in_the_body():
            try:
                async for x in count(2):
                    raise StopAsyncIteration(x)
            except StopAsyncIteration as stop:
                return stop.args
        def f():
            seen = []
            for each in listed, last, otherwise, lazily, by_hand, in_the_body:
                try:
                    each().send(None)
                except StopIteration as stop:
                    seen.append(stop.value)
            return seen
        """,
    "what was thrown into a wait and caught there": """
        class Wait:
            def __await__(self):
                yield 1
        async def patient():
            try:
                await Wait()
            except KeyError:
                return [2]
        async def count():
            try:
                await Wait()
                yield 0
                await Wait()
            except KeyError:
                pass
        async def main(log):
            got = await patient()
            def late():
                return got
            print(got, await patient()); log.append(late())
            got = [
                await patient() for _ in range(1)]
            got += [x async for x in count()]
            async for x in count():
                got.append(x)
            await Wait()
            return got
        def inner():
            try:
                yield 1
            except KeyError:
                print('caught')
            return 5
        def outer():
            a = yield from inner()
            b = [a]
            return (yield b), (yield from inner())
        def f():
            log = []
            m = main(log)
            m.send(None)
            for thrown in range(4):
                log.append(m.throw(KeyError))
            log.append(m.send(None))
            m.throw(KeyError)
            try:
                m.send(None)
            except StopIteration as stop:
                log.append(stop.value)
            o = outer()
            log += [next(o), o.throw(KeyError), o.send(3)]
            try:
                o.throw(KeyError)
            except StopIteration as stop:
                return log, stop.value
        """,
}
