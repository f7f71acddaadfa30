import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** Compiled definitions by id. A definition never changes, so neither does its model. */
export class Models {
  readonly #store: Store;
  readonly #models = new Map<string, ProcessModel>();

  constructor(store: Store) {
    this.#store = store;
  }

  async get(definitionId: string): Promise<ProcessModel> {
    const known = this.#models.get(definitionId);
    if (known) return known;
    const [row] = await this.#store.read("SELECT xml FROM definition WHERE id = ?", [definitionId]);
    if (!row) throw new Error(`definition ${definitionId} is not in the database`);
    const model = (await compileDefinitions(text(row, "xml"))).processes[0];
    if (!model) throw new Error(`definition ${definitionId} no longer compiles`);
    this.#models.set(definitionId, model);
    return model;
  }

  /** The newest version of each process that `model` calls, and that those call. */
  async called(model: ProcessModel): Promise<ReadonlyMap<string, ProcessModel>> {
    const found = new Map<string, ProcessModel>();
    const open = [...model.calls];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (found.has(key) || key === model.id) continue;
      const [row] = await this.#store.read(
        "SELECT id FROM definition WHERE process_key = ? ORDER BY version DESC LIMIT 1",
        [key],
      );
      if (!row) continue;
      const called = await this.get(text(row, "id"));
      found.set(key, called);
      open.push(...called.calls);
    }
    return found;
  }
}
