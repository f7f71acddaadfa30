import type { Json, Variables } from "../../engine/expressions/json.ts";
import { keptAs, toldPlace } from "../forms/told-forms.ts";
import type { Actor } from "../runtime/actor.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { correlate } from "../runtime/messages.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { toldLine } from "../runtime/told-line.ts";
import { text } from "../store/rows.ts";
import type { Grant } from "./grants.ts";

/** What a side of a grant asks of its supervision. */
export interface Asked {
  readonly name: "grant.change" | "grant.renewal";
  /** What the process goes on with. */
  readonly variables: Variables;
  /** The same as a form of the process, for those who act on it to read. */
  readonly form: { readonly key: string; readonly values: Variables };
  /** Day until which it is asked for, and why, for the history. */
  readonly to: string | null;
  readonly reason: string;
}

interface Asking {
  readonly grant: Grant;
  readonly actor: Actor;
  readonly commandId: string | null;
}

/**
 * Hands a message to the supervision at once, so that the person learns whether it waits for it. Throws 409 `SUPERVISION_BUSY`
 * where it does not.
 */
export async function askSupervision(
  runtime: Runtime,
  { grant, actor, commandId }: Asking,
  { name, variables, form, to, reason }: Asked,
): Promise<void> {
  const reached = grant.supervision
    ? await correlate(
        runtime.store,
        runtime.dispatcher,
        {
          name,
          correlationKey: grant.supervision.number,
          variables: { ...variables, ...keptAs(toldPlace, form.key, form.values) },
        },
        actor,
        commandId,
        async ({ instance, now }) => {
          const known = (await runtime.forms.of(text(instance, "definition_id"))).get(form.key);
          return known ? [toldLine(now, actor, { name: known.name, to, reason })] : [];
        },
      )
    : [];
  await runtime.settle();
  if (reached.length === 0)
    throw new RuntimeProblem(
      409,
      "SUPERVISION_BUSY",
      {
        zh: "使用监督事项目前另有待办环节，暂不能受理",
        en: "The supervision of the use has another step open and cannot take this now",
      },
      { zh: "请先办结该事项的待办", en: "Finish the open step of that case first" },
    );
}

/** A narrowing as the form of a change shows it: only what changes. */
export function shownNarrowing(to: Variables | null): Variables {
  const shown = { changeItems: to?.["items"], changeEndsOn: to?.["endsOn"], changeCallsPerDay: to?.["callsPerDay"] };
  return Object.fromEntries(
    Object.entries(shown).flatMap(([key, value]): [string, Json][] => (value === undefined ? [] : [[key, value]])),
  );
}
