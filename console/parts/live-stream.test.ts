import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LiveStream, type Listener } from "./live-stream.ts";

/** A stream of the browser's kind, whose events the test gives. */
class Source extends EventTarget {
  static readonly opened: Source[] = [];
  readonly CLOSED = 2;
  readyState = 1;

  constructor() {
    super();
    Source.opened.push(this);
  }

  close(): void {
    this.readyState = this.CLOSED;
  }

  give(type: string, data?: unknown): void {
    this.dispatchEvent(data === undefined ? new Event(type) : new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

const change = { id: "1", at: "2026-11-29T09:00:00.000Z", type: "task", instanceId: "i", taskId: null };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
});
afterEach(() => {
  Source.opened.length = 0;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("opens one stream for all who listen, and closes it with the last of them", () => {
  const stream = new LiveStream();
  const [one, other] = [vi.fn<Listener>(), vi.fn<Listener>()];
  const ends = [stream.listen(one), stream.listen(other)];
  const [source] = Source.opened;
  source?.give("open");
  source?.give("change", change);
  expect([one.mock.calls, other.mock.calls]).toEqual([[[change]], [[change]]]);
  for (const end of ends) end();
  expect([Source.opened.length, source?.readyState]).toEqual([1, 2]);
});

it("says that changes may have been missed when it comes back, once", () => {
  const heard = vi.fn<Listener>();
  new LiveStream().listen(heard);
  const [source] = Source.opened;
  source?.give("open");
  source?.give("error");
  source?.give("error");
  expect(heard).not.toHaveBeenCalled();
  source?.give("open");
  expect(heard.mock.calls).toEqual([[null]]);
});

it("opens again what the browser has given up, unless nobody listens any more", () => {
  const end = new LiveStream().listen(() => undefined);
  const give = (source: Source | undefined) => {
    source?.close();
    source?.give("error");
  };
  give(Source.opened[0]);
  vi.advanceTimersByTime(5_000);
  expect(Source.opened.length).toBe(2);
  give(Source.opened[1]);
  end();
  vi.advanceTimersByTime(60_000);
  expect(Source.opened.length).toBe(2);
});
