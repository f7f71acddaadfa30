declare module "bpmn-js-differ" {
  /** Told of each difference; `model` is the element in which it lies, of the file in which it exists. */
  export interface Handler {
    added(model: unknown, property: string, element: unknown, index: string): void;
    removed(model: unknown, property: string, element: unknown, index: string): void;
    /** With the value before and after; with the value alone where it came, and without any where the difference lies deeper. */
    changed(model: unknown, property: string, first?: unknown, second?: unknown): void;
    moved(model: unknown, property: string, oldIndex: unknown, newIndex: unknown): void;
  }
  export function diff(before: unknown, after: unknown, handler: Handler): unknown;
}
