import { directionOf } from "./hops.ts";
import type { Directory } from "./organisations.ts";

/** Processes that carry an application; the others begin from them, or from an official. */
export const applicationProcesses = ["ds-01", "ds-03", "ds-04"] as const;
export type ApplicationProcess = (typeof applicationProcesses)[number];

/**
 * The process that carries an application from one region to a provider of another. What a vertically managed system holds is
 * asked of its owner (domain rule b11), whatever the regions. Throws `RouteError` for an unknown region.
 */
export function processFor(
  directory: Directory,
  applicantRegion: string,
  providerRegion: string,
  vertical: "none" | "province" | "nation",
): ApplicationProcess {
  if (vertical !== "none") return "ds-04";
  switch (directionOf(directory, applicantRegion, providerRegion)) {
    case "same":
      return "ds-01";
    case "upward":
      return "ds-03";
    case "downward":
    case "sideways":
    case "otherProvince":
      return "ds-04";
  }
}
