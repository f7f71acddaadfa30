import { versionsHeld } from "../../engine/approval/way-back.ts";
import type { Resumption } from "../../engine/execution/commands.ts";
import type { StepContext } from "../../engine/execution/context.ts";
import type { InstanceState } from "../../engine/execution/state.ts";
import { compileDefinitions } from "../../engine/model/compile.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { integer, text } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** Moment of a case at which calls are resolved; `state` is `null` before it starts. */
export interface CallMoment {
  readonly state: InstanceState | null;
  /** Places that the case takes again: what they hold goes on in the version that it was called in. */
  readonly resumed?: readonly Pick<Resumption, "held">[];
  readonly startedAt: string;
}

export interface PublishedVersion {
  readonly definitionId: string;
  readonly version: number;
  readonly name: { readonly zh: string; readonly en: string };
}

export interface CalledModels {
  readonly models: readonly ProcessModel[];
  readonly resolve: StepContext["calledProcess"];
}

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

  /** The newest version of a process; `null` where none is published. */
  async newest(processKey: string): Promise<PublishedVersion | null> {
    const [row] = await this.#store.read(
      "SELECT id, version, name_zh, name_en FROM definition WHERE process_key = ? ORDER BY version DESC LIMIT 1",
      [processKey],
    );
    return row
      ? {
          definitionId: text(row, "id"),
          version: integer(row, "version"),
          name: { zh: text(row, "name_zh"), en: text(row, "name_en") },
        }
      : null;
  }

  /**
   * The processes that `model` calls, and those call: the version that each binding asks for now, and the versions that the
   * calls of a running case have frozen. A version is named by its definition's id.
   */
  async called(model: ProcessModel, at: CallMoment): Promise<CalledModels> {
    const byVersion = new Map<string, ProcessModel>();
    const byKey = new Map<string, Readonly<Record<"latest" | "deployment", string>>>();
    const open = [...model.calls];
    const running = Object.values(at.state?.scopes ?? {}).flatMap(({ version }) => version ?? []);
    for (const version of [...running, ...versionsHeld(at.resumed ?? [])]) {
      byVersion.set(version, await this.get(version));
      open.push(...(byVersion.get(version)?.calls ?? []));
    }
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (byKey.has(key)) continue;
      const versions = await this.#versionsOf(key, at.startedAt);
      if (!versions) continue;
      byKey.set(key, versions);
      for (const version of [versions.latest, versions.deployment]) {
        byVersion.set(version, await this.get(version));
        open.push(...(byVersion.get(version)?.calls ?? []));
      }
    }
    return {
      models: [...byVersion.values()],
      resolve: (key, wanted) => {
        const bound = byKey.get(key)?.["version" in wanted ? "latest" : wanted.binding] ?? "";
        // A case of before versions were frozen names none and goes on with the newest.
        const version = "version" in wanted && byVersion.has(wanted.version) ? wanted.version : bound;
        const found = byVersion.get(version);
        return found ? { model: found, version } : null;
      },
    };
  }

  async #versionsOf(key: string, startedAt: string) {
    const inForce =
      "SELECT id FROM definition WHERE process_key = ? AND deployed_at <= ? ORDER BY version DESC LIMIT 1";
    const latest = (await this.newest(key))?.definitionId;
    if (latest === undefined) return null;
    const [deployment] = await this.#store.read(inForce, [key, startedAt]);
    return { latest, deployment: deployment ? text(deployment, "id") : latest };
  }
}
