import { directionOf } from "./hops.ts";
import type { Directory } from "./organisations.ts";

/** The processes that an application may be carried by. */
export type ApplicationProcess = "ds-01" | "ds-02" | "ds-03" | "ds-04";

/** What the choice asks of a resource. */
export interface ResourceNature {
  readonly shareClass: string;
  /** `province` or `nation` where a vertically managed system holds it. */
  readonly vertical: string;
}

/**
 * The process that carries an application (domain rules b, c): unconditional data need no route of their own; a vertically
 * managed system and a provider beside, below or in another province go the way across regions; else it is the same level, or up.
 */
export function processFor(
  directory: Directory,
  applicantRegion: string,
  providerRegion: string,
  resource: ResourceNature,
): ApplicationProcess {
  if (resource.shareClass === "unconditional") return "ds-02";
  if (resource.vertical !== "none") return "ds-04";
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
