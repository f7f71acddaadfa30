export type RouteErrorCode =
  | "POSITION_UNKNOWN"
  | "POSITION_EMPTY"
  | "ROLE_NOT_HELD"
  | "NOBODY_MAY_ACT"
  | "CHOSEN_PERSON_GONE"
  | "APPROVAL_INVALID"
  | "LIMIT_UNKNOWN"
  | "CONDITION_FAILED"
  | "NO_PROCESS"
  | "REGION_UNKNOWN"
  | "TABLE_UNREADABLE"
  | "PACK_UNREADABLE";

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** A route that cannot be answered: what is missing, where, and how to mend it. The engine makes an incident of it. */
export class RouteError extends Error {
  override readonly name = "RouteError";
  readonly code: RouteErrorCode;
  /** Table, row, limit code or position. */
  readonly place: string;
  readonly detail: Bilingual;
  readonly mend: Bilingual;
  constructor(code: RouteErrorCode, place: string, detail: Bilingual, mend: Bilingual) {
    super(`${detail.en} (${place}). ${mend.en}`);
    this.code = code;
    this.place = place;
    this.detail = detail;
    this.mend = mend;
  }

  /** The whole sentence in both languages: what, where, and the mend. */
  get sentence(): Bilingual {
    return { zh: `${this.detail.zh}（${this.place}）。${this.mend.zh}`, en: this.message };
  }
}
