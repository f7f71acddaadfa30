export type RouteErrorCode =
  | "POSITION_UNKNOWN"
  | "POSITION_EMPTY"
  | "ROLE_NOT_HELD"
  | "LIMIT_UNKNOWN"
  | "CONDITION_FAILED"
  | "NO_PROCESS"
  | "REGION_UNKNOWN"
  | "TABLE_UNREADABLE"
  | "PACK_UNREADABLE";

/** A route that cannot be answered: what is missing, where, and how to mend it. The engine makes an incident of it. */
export class RouteError extends Error {
  override readonly name = "RouteError";
  readonly code: RouteErrorCode;
  /** Table, row, limit code or position. */
  readonly place: string;
  readonly mend: string;
  constructor(code: RouteErrorCode, place: string, message: string, mend: string) {
    super(`${message} (${place}). ${mend}`);
    this.code = code;
    this.place = place;
    this.mend = mend;
  }
}
