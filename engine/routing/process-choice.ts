import { RouteError } from "./errors.ts";
import { directionOf } from "./hops.ts";
import type { Directory } from "./organisations.ts";

/** The process that carries an application from one region to a provider of another. */
export function processFor(directory: Directory, applicantRegion: string, providerRegion: string): "ds-01" | "ds-03" {
  const direction = directionOf(directory, applicantRegion, providerRegion);
  if (direction === "same") return "ds-01";
  if (direction === "upward") return "ds-03";
  throw new RouteError(
    "NO_PROCESS",
    `${applicantRegion} → ${providerRegion}`,
    {
      zh: "尚无已发布的流程办理跨区域或向下的申请",
      en: "no published process carries an application across regions or downward yet",
    },
    { zh: "请通过共同上级主管部门申请", en: "Apply through the common superior authority" },
  );
}
