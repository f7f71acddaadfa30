export type SimulationErrorCode =
  | "SCENARIO_INVALID"
  | "PROCESS_UNKNOWN"
  | "STEP_UNKNOWN"
  | "OUTCOME_UNKNOWN"
  | "OFFICIALS_UNKNOWN"
  | "TIMES_TOO_FEW"
  | "COMMAND_REFUSED"
  | "ROUTE_REFUSED";

interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** A scenario that cannot be simulated: what is wrong, at which field (`steps.Task_Examine.outcomes.2`), and what to do. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  readonly code: SimulationErrorCode;
  readonly place: string;
  readonly text: Bilingual;
  readonly mend: Bilingual;
  constructor(code: SimulationErrorCode, place: string, text: Bilingual, mend: Bilingual) {
    super(`${place}: ${text.en}`);
    this.code = code;
    this.place = place;
    this.text = text;
    this.mend = mend;
  }
}
