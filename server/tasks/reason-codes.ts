import type { RulePack } from "../../engine/routing/rule-pack.ts";
import type { Runtime } from "../runtime/runtime.ts";

type ReasonCode = RulePack["reasonCodes"][number];

/** Reasons that a person may choose: those that the clock gives by itself (R10) are not among them. */
export function chosenReasons(runtime: Runtime): readonly ReasonCode[] {
  return runtime.content.rulePacks.flatMap((pack) => pack.reasonCodes).filter(({ givenBy }) => givenBy === "person");
}
