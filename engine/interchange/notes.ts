export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** One thing that another engine's file said, and what became of it. */
export interface Note {
  /** Id of the element that the designer sees; `null` for the file as a whole. */
  readonly element: string | null;
  /** Where it stood: an attribute or element with its prefix, such as `camunda:assignee`. */
  readonly place: string;
  readonly was: string;
  /** What stands in its stead; `null` where nothing does. */
  readonly became: string | null;
  /** Why, and how to mend it. */
  readonly message: Bilingual;
}
