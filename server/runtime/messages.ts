import type { EngineEvent } from "../../engine/execution/events.ts";
import type { Variables } from "../../engine/expressions/json.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";
import { systemActor, type Actor } from "./actor.ts";
import type { Dispatcher } from "./dispatch.ts";

/** Hands a message to every case that waits for its name and key. Gives the ids of the cases it reached. */
export async function correlate(
  store: Store,
  dispatcher: Dispatcher,
  message: { name: string; correlationKey: string | null; variables: Variables },
  actor: Actor,
): Promise<readonly string[]> {
  const waiting = await store.read(
    "SELECT instance_id, wait_id, correlation_key FROM subscription WHERE kind = 'message' AND name = ? ORDER BY instance_id",
    [message.name],
  );
  const matching = waiting.filter(
    (row) =>
      optionalText(row, "correlation_key") === null || optionalText(row, "correlation_key") === message.correlationKey,
  );
  const reached: string[] = [];
  for (const row of matching) {
    await dispatcher.dispatch({
      instanceId: text(row, "instance_id"),
      actor,
      commandId: null,
      decide: async () => ({ type: "correlateMessage", ...message, wait: text(row, "wait_id") }),
    });
    reached.push(text(row, "instance_id"));
  }
  return reached;
}

/** Delivers what a step threw to the cases that listen, the thrower's own included for messages. */
export async function deliverThrown(
  store: Store,
  dispatcher: Dispatcher,
  instanceId: string,
  events: readonly EngineEvent[],
): Promise<void> {
  for (const event of events) {
    if (event.type === "message.thrown")
      await correlate(
        store,
        dispatcher,
        { name: event.name, correlationKey: event.correlationKey, variables: event.variables },
        systemActor,
      );
    if (event.type === "signal.thrown") {
      const listening = await store.read(
        "SELECT DISTINCT instance_id FROM subscription WHERE kind = 'signal' AND name = ? AND instance_id <> ?",
        [event.name, instanceId],
      );
      for (const row of listening) {
        await dispatcher.dispatch({
          instanceId: text(row, "instance_id"),
          actor: systemActor,
          commandId: null,
          decide: async () => ({ type: "broadcastSignal", name: event.name, variables: event.variables }),
        });
      }
    }
  }
}
