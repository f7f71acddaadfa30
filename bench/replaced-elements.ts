/** bpmn-engine's sequence flow without its discards, which its parallel joins take for arrivals. */
import { SequenceFlow } from "bpmn-elements";

// The package declares its classes as plain values.
const Shipped = SequenceFlow as unknown as new (...given: readonly unknown[]) => { discard(): void };

class TakenOnly extends Shipped {
  override discard(): void {
    // A flow that is not taken is nothing that happens.
  }
}

export const replacedElements = { SequenceFlow: TakenOnly };
