import type { z } from "zod";
import type { Principal } from "../../identity/sessions.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { optionalText, text } from "../../store/rows.ts";
import type { Row } from "../../store/store.ts";
import { closedBefore } from "../../tasks/closed-before.ts";
import { roleName } from "../../tasks/outcomes.ts";
import type { Bilingual } from "../shared/common.schema.ts";
import type { operationVerdict } from "./tasks.schema.ts";

type Verdicts = readonly z.infer<typeof operationVerdict>[];

/** Why the reader of a task may not work on it now, in words; `null` where they may. */
export async function whyNot(
  runtime: Runtime,
  principal: Principal,
  task: Row,
  verdicts: Verdicts,
): Promise<Bilingual | null> {
  const state = text(task, "state");
  if (state !== "open" && state !== "waiting") return (await closedBefore(runtime.store.read, task)).detail;
  const [decide, answer] = (["decide", "answer"] as const).map((name) =>
    verdicts.find(({ operation }) => operation === name),
  );
  if (decide?.allowed || answer?.allowed) return null;
  if (state === "waiting") return { zh: "正在等待他人先办理", en: "It waits for somebody else to act first" };
  // Whoever could act but for the state of the case is told that, not who else could.
  const held = [decide, answer].find((verdict) => verdict?.code === "CASE_STATE_REFUSES");
  return held?.message ?? whoMay(principal, task);
}

function whoMay(principal: Principal, task: Row): Bilingual {
  const assignee = optionalText(task, "assignee_name");
  if (assignee !== null) return { zh: `由 ${assignee} 承办`, en: `${assignee} has it in hand` };
  const holdsRole = principal.posts.some(
    ({ organisation, role }) => organisation === text(task, "organisation_id") && role === text(task, "role"),
  );
  const role = roleName(text(task, "role"));
  return holdsRole
    ? {
        zh: `您须回避：本案由您申请，或本环节、相关环节已有您的办理，须由另一位${role.zh}办理`,
        en: `Not for you: you applied in this case, or have a part in this step or one that is kept apart from it. It is for another person with the role “${role.en}”`,
      }
    : { zh: `须由${role.zh}办理`, en: `To be handled by: ${role.en}` };
}
