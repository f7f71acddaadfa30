import type { Variables } from "../../engine/expressions/json.ts";
import { json, optionalText, text } from "../store/rows.ts";
import type { Row, Store } from "../store/store.ts";
import { systemActor, type Actor } from "./actor.ts";
import type { Dispatcher, DispatchRequest } from "./dispatch.ts";
import { RuntimeProblem } from "./errors.ts";
import { startBy, type StartContext } from "./start-events.ts";
import { tellFailure } from "./told-failure.ts";

export interface Message {
  readonly name: string;
  readonly correlationKey: string | null;
  readonly variables: Variables;
}

/** Hands a message to the cases that wait for it; when none does, to the processes that begin with it. Gives the cases. */
export async function hand(
  context: StartContext,
  message: Message,
  actor: Actor,
  deliveryId: string | null,
): Promise<readonly string[]> {
  const reached = await correlate(context.store, context.dispatcher, message, actor, deliveryId);
  return reached.length > 0 ? reached : startBy(context, { kind: "message", ...message }, actor, deliveryId);
}

/**
 * Hands a message to every case that waits for its name and key. Gives the ids of the cases it reached. With a `deliveryId`
 * the same delivery again reaches nobody twice. `also` happens in the transaction of each case that it reaches.
 */
export async function correlate(
  store: Store,
  dispatcher: Dispatcher,
  message: Message,
  actor: Actor,
  deliveryId: string | null = null,
  also?: DispatchRequest["also"],
): Promise<readonly string[]> {
  const waiting = await store.read(
    "SELECT instance_id, wait_id, correlation_key FROM subscription WHERE kind = 'message' AND name = ? ORDER BY instance_id",
    [message.name],
  );
  const matching = waiting.filter((row) =>
    [null, message.correlationKey].includes(optionalText(row, "correlation_key")),
  );
  for (const row of matching) {
    const wait = text(row, "wait_id");
    await dispatcher.dispatch({
      instanceId: text(row, "instance_id"),
      actor,
      commandId: deliveryId === null ? null : `${deliveryId}:${wait}`,
      decide: async () => ({ type: "correlateMessage", ...message, wait }),
      ...(also ? { also } : {}),
    });
  }
  return matching.map((row) => text(row, "instance_id"));
}

/** Delivers what cases have thrown and clears it away. Run after every step and by the sweep; doing it twice does no harm. */
export async function deliverThrown(context: StartContext): Promise<number> {
  const { store } = context;
  let delivered = 0;
  for (const row of await store.read("SELECT * FROM outbox ORDER BY created_at, id LIMIT 100")) {
    const id = text(row, "id");
    try {
      await deliver(context, row);
    } catch (error) {
      // Nobody listens any more: as good as delivered. Anything else stays, is told, and is tried at the next sweep.
      if (!(error instanceof RuntimeProblem && error.status === 409)) {
        tellFailure("a delivery failed", error, { outbox: id });
        continue;
      }
    }
    await store.transaction((tx) => tx.execute("DELETE FROM outbox WHERE id = ?", [id]));
    delivered += 1;
  }
  return delivered;
}

async function deliver(context: StartContext, row: Row): Promise<void> {
  const { store, dispatcher } = context;
  const name = text(row, "name");
  const variables = json<Variables>(row, "variables");
  const deliveryId = `outbox:${text(row, "id")}`;
  if (text(row, "kind") === "message") {
    await hand(
      context,
      { name, correlationKey: optionalText(row, "correlation_key"), variables },
      systemActor,
      deliveryId,
    );
    return;
  }
  // Within the throwing case the engine has told every listener already.
  const listening = await store.read(
    "SELECT DISTINCT instance_id FROM subscription WHERE kind = 'signal' AND name = ? AND instance_id <> ?",
    [name, text(row, "instance_id")],
  );
  for (const listener of listening) {
    const instanceId = text(listener, "instance_id");
    await dispatcher.dispatch({
      instanceId,
      actor: systemActor,
      commandId: `${deliveryId}:${instanceId}`,
      decide: async () => ({ type: "broadcastSignal", name, variables }),
    });
  }
  await startBy(context, { kind: "signal", name, variables }, systemActor, deliveryId);
}
