import { forbiddables, isForbiddable } from "../approval/operations.ts";
import { readPolicy } from "../approval/policy.ts";
import type { ModdleElement } from "./moddle-element.ts";
import { textOf } from "./moddle-element.ts";
import type { Report } from "./compile-parts.ts";
import { problem } from "./problems.ts";
import { skipRules, type SigningRules, type SkipRepeated } from "./process-model.ts";

/** What `jieli:approval`, `jieli:approvalParameters` (JSON), `jieli:forbids` and `jieli:skipRepeated` say about signing a task. */
export function signingRules(element: ModdleElement, report: Report): SigningRules {
  return {
    approval: approvalOf(element, report),
    forbids: forbiddenOf(element, report),
    skipRepeated: skipRepeatedOf(element, report),
  };
}

function approvalOf(element: ModdleElement, report: Report): SigningRules["approval"] {
  const kind = textOf(element["approval"]);
  if (kind === null) return null;
  const parameters = jsonOf(textOf(element["approvalParameters"]) ?? "{}");
  const read = readPolicy(kind, parameters ?? "no JSON");
  if (read.ok) return read.policy;
  const { code, message } = read.problem;
  report(problem(code, element.id ?? null, message.zh, message.en));
  return null;
}

function forbiddenOf(element: ModdleElement, report: Report): SigningRules["forbids"] {
  const names = (textOf(element["forbids"]) ?? "").split(/[\s,]+/).filter((name) => name !== "");
  for (const name of names.filter((named) => !isForbiddable(named)))
    report(
      problem(
        "OPERATION_UNKNOWN",
        element.id ?? null,
        `不能禁止操作“${name}”，可用：${forbiddables.join("、")}`,
        `The operation “${name}” cannot be forbidden; there are ${forbiddables.join(", ")}`,
      ),
    );
  return names.filter(isForbiddable);
}

function skipRepeatedOf(element: ModdleElement, report: Report): SkipRepeated {
  const text = textOf(element["skipRepeated"]) ?? "never";
  const known = skipRules.find((rule) => rule === text);
  if (!known)
    report(
      problem(
        "SKIP_RULE_UNKNOWN",
        element.id ?? null,
        `“${text}”不是自动去重规则，可用：${skipRules.join("、")}`,
        `“${text}” is no rule for repeated approvers; there are ${skipRules.join(", ")}`,
      ),
    );
  return known ?? "never";
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
