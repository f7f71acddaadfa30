import { elementsOf, importNote } from "../model/moddle-element.ts";
import { sayInFeel, type Dialect } from "./expressions.ts";
import type { Site, Told } from "./foreign.ts";
import type { ImportedForm } from "./forms/form-file.ts";
import type { Bilingual, Note } from "./notes.ts";
import { createPart, replaceTypes, type EditableElement } from "./tree.ts";

/** Who acts: a role, and the organisation of the case where it is held. */
export interface Actor {
  readonly role: string;
  readonly at: string;
}

/** What the place knows to which a file is brought. */
export interface Destination {
  /** Roles that somebody holds; a group of that name becomes the role. */
  readonly roles: ReadonlySet<string>;
  /** Who acts for a group or user of the file, by its name there. */
  readonly actors: ReadonlyMap<string, Actor>;
}

/** Notes of one translation as they are made. */
export class Book {
  readonly root: EditableElement;
  readonly dialect: Dialect;
  readonly destination: Destination;
  readonly translated: Note[] = [];
  readonly untranslated: Note[] = [];
  readonly forms: ImportedForm[] = [];
  /** Attributes about transactions, retries and storage, which have no meaning here. */
  readonly needless = new Map<string, number>();
  /** Script tasks that become service tasks once everything on them has been read. */
  readonly jobs: EditableElement[] = [];
  readonly #kept = new Map<EditableElement, string[]>();

  constructor(root: EditableElement, dialect: Dialect, destination: Destination) {
    this.root = root;
    this.dialect = dialect;
    this.destination = destination;
  }

  /** Records what stands in the stead of something. */
  became({ host }: Site, { place, was }: Told, became: string): void {
    const message = { zh: `${place}“${was}”已转为 ${became}`, en: `${place} “${was}” became ${became}` };
    this.translated.push({ element: host.id ?? null, place, was, became, message });
  }

  /** Records what was taken out of the file without an equivalent; the words stay in the documentation of the element. */
  left(site: Site, told: Told, why: Bilingual): void {
    this.stays(site, told, why);
    const { host } = site;
    if (host.$type !== "bpmn:Definitions")
      this.#kept.set(host, [...(this.#kept.get(host) ?? []), `${told.place}: ${told.was}`]);
  }

  /** Records what could not be translated and stands where it stood: the checks name it until it is mended. */
  stays({ host }: Site, { place, was }: Told, why: Bilingual): void {
    const about = was === "" ? place : `${place}“${was}”`;
    const aboutEn = was === "" ? place : `${place} “${was}”`;
    const message = { zh: `${about}：${why.zh}`, en: `${aboutEn}: ${why.en}` };
    this.untranslated.push({ element: host.id ?? null, place, was, became: null, message });
  }

  needs(place: string): void {
    this.needless.set(place, (this.needless.get(place) ?? 0) + 1);
  }

  /**
   * FEEL for a text that may hold an expression; a fixed text is what `fixed` makes of it. Gives `null`, and lists the
   * reason, where it cannot be said.
   */
  inFeel(site: Site, told: Told, fixed: (text: string) => string): string | null {
    const said = sayInFeel(told.was, this.dialect);
    switch (said.type) {
      case "feel":
        return said.source;
      case "text":
        return fixed(said.text.trim());
      case "refused":
        this.left(site, told, rewrite(said.reason));
        return null;
    }
  }

  /** Changes the drawing at the end: what was left goes into the documentation, where every tool shows it. */
  finish(): void {
    for (const [host, lines] of this.#kept) {
      const note = createPart(host, "bpmn:Documentation", { textFormat: importNote, text: lines.join("\n") });
      host.set("documentation", [...elementsOf(host["documentation"]), note]);
    }
    replaceTypes(this.root, this.jobs, "bpmn:ServiceTask");
  }
}

/** How to mend an expression that has no equivalent. */
export function rewrite(reason: Bilingual): Bilingual {
  return {
    zh: `无法转为 FEEL，因为${reason.zh}；请在属性面板中用 FEEL 重写`,
    en: `it cannot be said in FEEL because ${reason.en}; write it anew in FEEL in the properties panel`,
  };
}
