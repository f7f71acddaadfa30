import type { Problem } from "../../model/problems.ts";
import type { PackChain } from "../bounds.ts";
import type { RulePack } from "../rule-pack.ts";
import { suspensionCausesOf, type SuspensionCause } from "../suspension-cause.ts";
import { finding, packPlace, sourceText } from "./finding.ts";

/** What in a pack's causes of suspension is looser than the regions above allow (`above`, without the pack's own). */
export function checkCauses(pack: RulePack, above: PackChain): readonly Problem[] {
  const upper = suspensionCausesOf(above.regions, above.packs);
  if (upper.length === 0) return [];
  return pack.suspensionCauses.flatMap((cause) => {
    const known = upper.find(({ code }) => code === cause.code);
    return [...restsLonger(pack, cause, known), ...allowsAgain(pack, cause, known)];
  });
}

function restsLonger(pack: RulePack, cause: SuspensionCause, known: SuspensionCause | undefined): readonly Problem[] {
  if (cause.rests === null || cause.rests === known?.rests) return [];
  const from = known ? (known.rests ?? "—") : "—";
  const because = known ? `，依据${sourceText(known.source).zh}` : "";
  return [
    finding(
      "CAUSE_LOOSER_THAN_ABOVE",
      packPlace(pack.region, cause.code, "rests"),
      `因“${cause.name.zh}”停止计时（${from} → ${cause.rests}），上级未作此规定，等于延长时限${because}；请改为 null（照常计时）`,
      `clocks would rest for “${cause.name.en}” (${from} → ${cause.rests}), which no region above says and which lengthens limits; say null, so that they run on`,
    ),
  ];
}

function allowsAgain(pack: RulePack, cause: SuspensionCause, known: SuspensionCause | undefined): readonly Problem[] {
  if (!known || known.allowed || !cause.allowed) return [];
  return [
    finding(
      "CAUSE_LOOSER_THAN_ABOVE",
      packPlace(pack.region, cause.code, "allowed"),
      `上级不允许因“${cause.name.zh}”挂起，依据${sourceText(known.source).zh}；请删除此项`,
      `a region above lets no case be suspended for “${cause.name.en}” (${sourceText(known.source).en}); take the entry out`,
    ),
  ];
}
