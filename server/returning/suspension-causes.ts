import { localDate } from "../../engine/calendar/dates.ts";
import type { SuspensionCause } from "../../engine/routing/suspension-cause.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";

/** Causes for which this case may be suspended: those of the applicant's region on the day on which the case began. */
export function causesOf(runtime: Runtime, instance: Row): readonly SuspensionCause[] {
  return allCausesOf(runtime, instance).filter(({ allowed }) => allowed);
}

/** The cause of that code; 422 `CAUSE_UNKNOWN` names those that there are. */
export function requireCause(runtime: Runtime, instance: Row, code: string): SuspensionCause {
  const causes = causesOf(runtime, instance);
  const found = causes.find((cause) => cause.code === code);
  if (found) return found;
  const named = (language: "zh" | "en") => causes.map((cause) => `${cause.code}（${cause.name[language]}）`);
  throw new RuntimeProblem(
    422,
    "CAUSE_UNKNOWN",
    {
      zh: `本地规则包没有挂起原因“${code}”`,
      en: `The rules of the place let no case be suspended for “${code}”`,
    },
    { zh: `请选用：${named("zh").join("、")}`, en: `Choose one of ${named("en").join(", ")}` },
  );
}

/** The name of a cause for which a case was suspended, also when it is no longer allowed. */
export function causeNamed(runtime: Runtime, instance: Row, code: string): SuspensionCause["name"] {
  return allCausesOf(runtime, instance).find((cause) => cause.code === code)?.name ?? { zh: code, en: code };
}

function allCausesOf(runtime: Runtime, instance: Row): readonly SuspensionCause[] {
  const startedOn = localDate(text(instance, "started_at"));
  return runtime.rules.placeOf(text(instance, "applicant_region"), startedOn).suspensionCauses;
}
