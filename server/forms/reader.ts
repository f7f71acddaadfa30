import type { InstanceState } from "../../engine/execution/state.ts";
import type { Json, Variables } from "../../engine/expressions/json.ts";
import { fieldsOf, type Bilingual, type Form, type ItemDecisionsField } from "../../engine/forms/form.ts";
import { formForStep, hiddenFields } from "../../engine/forms/rights.ts";
import type { Principal } from "../identity/sessions.ts";
import { participantsOf } from "../identity/participants.ts";
import { standInsFor } from "../identity/stand-ins.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { optionalText, text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";
import { applicationPlace, startPlace } from "./attachments.ts";
import { applicationForm } from "./bundle.ts";
import { namedChoices } from "./choices.ts";
import { caseSteps, type CaseStep, type CaseSteps } from "./case-steps.ts";
import { processFields } from "./process-fields.ts";
import { toldForm, toldForms, toldVariables, type ToldForm } from "./told-forms.ts";

/** A form of a case, as one reader may see it. */
export interface CaseForm {
  /** Element of the step; else the place: `application`, `start` for what the case was begun with, `told` for what it was told. */
  readonly element: string;
  readonly name: Bilingual;
  /** Without the fields that are hidden from the reader. */
  readonly form: Form;
}

/** A form that was filled in, as one reader may see it. */
export interface FilledForm extends CaseForm {
  readonly values: Readonly<Record<string, Json>>;
}

/** What one person may read of one case's forms. Every answer that carries case data goes through it. */
export interface Reader {
  readonly application: (values: Variables) => Variables;
  /** The form without its hidden fields, so that not even their names are sent. */
  readonly readable: (form: Form) => Form;
  /** Variables of a case without what this reader may not see. */
  readonly variables: (variables: Variables) => Variables;
  /** The application and what each step wrote, in the order of the steps, with the forms to read them by. */
  readonly filled: (variables: Variables) => Promise<readonly FilledForm[]>;
  /** Every form of the case as this reader may see it, whether it was filled in yet or not. */
  readonly forms: (variables: Variables) => Promise<readonly CaseForm[]>;
  /** Whether the reader may see what was proposed, or decided, on each item. */
  readonly seesItems: (rank: ItemDecisionsField["rank"]) => boolean;
  /** Whether the reader may see what a field of a form holds; `place` as files are bound to it (`forms/attachments.ts`). */
  readonly seesField: (place: string, field: string) => boolean;
}

/** Asks which steps of the case the person acts at, and gives what those steps show. */
export async function readerOf(
  runtime: Runtime,
  principal: Principal,
  instance: Row,
  state: InstanceState,
): Promise<Reader> {
  const all = await caseSteps(runtime, instance, state);
  const tasks = await runtime.store.read(
    "SELECT element, organisation_id, role, assignee_id FROM task WHERE instance_id = ?",
    [text(instance, "id")],
  );
  const acting = await actingIn(runtime, principal, instance);
  const held = new Set(
    all.steps.filter(({ task }) => actsAt(acting, task, instance, tasks)).map(({ task }) => task.id),
  );
  const names = async (form: Form, variables: Variables) => namedChoices(runtime, form, variables);
  return new CaseReader(all, held, isApplicant(acting, instance), names);
}

type Acting = Pick<Principal, "id" | "posts">;

/** The reader with the posts that count in this case: their own, and those that a substitution covers here. */
async function actingIn({ store, content }: Runtime, principal: Principal, instance: Row): Promise<Acting> {
  const { id, posts } = principal;
  if (principal.standsInFor.length === 0) return { id, posts };
  const { about } = await participantsOf(store.read, text(instance, "id"));
  return { id, posts: [...posts, ...standInsFor(content, principal, about).flatMap((standIn) => standIn.posts)] };
}

function actsAt(
  { id: person, posts }: Acting,
  { id, at, role }: CaseStep["task"],
  instance: Row,
  tasks: readonly Row[],
): boolean {
  const side = at === "applicant" || at === "provider" ? text(instance, `${at}_org`) : null;
  if (side !== null && posts.some((post) => post.organisation === side && post.role === role)) return true;
  return tasks.some(
    (task) =>
      text(task, "element") === id &&
      (optionalText(task, "assignee_id") === person ||
        posts.some((post) => post.organisation === text(task, "organisation_id") && post.role === text(task, "role"))),
  );
}

/** Whoever applied may read what was applied for. */
function isApplicant({ posts }: Acting, instance: Row): boolean {
  return posts.some(
    ({ organisation, role }) => organisation === text(instance, "applicant_org") && role.startsWith("applicant-"),
  );
}

class CaseReader implements Reader {
  readonly #steps: readonly CaseStep[];
  readonly #application: Form | null;
  readonly #all: ReadonlyMap<string, Form>;
  readonly #names: (form: Form, variables: Variables) => Promise<Form>;
  readonly #hidden = new Map<string, ReadonlySet<string>>();
  constructor(
    { steps, application, forms }: CaseSteps,
    held: ReadonlySet<string>,
    applied: boolean,
    names: (form: Form, variables: Variables) => Promise<Form>,
  ) {
    this.#names = names;
    this.#steps = steps;
    this.#application = application;
    this.#all = forms;
    const rights = steps.map(({ task }) => ({ element: task.id, rights: task.fieldRights }));
    for (const form of [...forms.values(), ...steps.map((step) => step.form)])
      if (form) this.#hidden.set(form.id, hiddenFields(form, rights, held));
    if (application) this.#hidden.set(application.id, applied ? new Set() : hiddenFields(application, rights, held));
  }

  seesItems(rank: ItemDecisionsField["rank"]): boolean {
    return !this.#steps.some(({ form }) =>
      fieldsOf(form?.components ?? []).some(
        (field) => field.kind === "itemDecisions" && field.rank === rank && this.#hides(form, field.key),
      ),
    );
  }

  seesField(place: string, field: string): boolean {
    if (place === applicationPlace) return !this.#hides(this.#application, field);
    const forms =
      place === startPlace
        ? [...this.#all.values()]
        : this.#steps.filter(({ task }) => task.id === place).map(({ form }) => form);
    return !forms.some((form) => this.#hides(form, field));
  }

  application(values: Variables): Variables {
    return without(values, this.#hidden.get(applicationForm));
  }

  variables(variables: Variables): Variables {
    return Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]): readonly [string, Json][] => {
        if (name === "request" && isRecord(value)) return [[name, this.#request(value, variables)]];
        if (toldVariables.has(name)) return this.#told(name, value);
        if (name === "forms" && isRecord(value)) return [[name, this.#stepForms(value)]];
        if (name === "decidedItems" && !this.seesItems("decision")) return [];
        const closed = processFields.has(name) && this.#steps.some(({ form }) => this.#hides(form, name));
        return closed ? [] : [[name, value]];
      }),
    );
  }

  async filled(variables: Variables): Promise<readonly FilledForm[]> {
    const seen = this.variables(variables);
    const filled = this.#forms(seen).flatMap((one) => {
      const values = valuesOf(one.element, seen);
      return values ? [{ ...one, values }] : [];
    });
    return Promise.all(filled.map(async (one) => ({ ...one, form: await this.#names(one.form, variables) })));
  }

  async forms(variables: Variables): Promise<readonly CaseForm[]> {
    return Promise.all(
      this.#forms(variables).map(async (one) => ({ ...one, form: await this.#names(one.form, variables) })),
    );
  }

  /** The request of a case that was begun by hand is what it was begun with, and as closed. */
  #request(request: Variables, variables: Variables): Variables {
    const begun = toldForms(variables).find(({ place }) => place === startPlace);
    return without(this.application(request), this.#hidden.get(begun?.form ?? ""));
  }

  /** By a form that is not of this case's version nothing can be told open or closed, so it stays closed. */
  #told(name: string, value: Json): readonly [string, Json][] {
    const told = toldForm(value);
    if (!told || !this.#all.has(told.form)) return [];
    return [[name, { ...told, values: without(told.values, this.#hidden.get(told.form)) }]];
  }

  #formOf({ place, form: key }: ToldForm): readonly CaseForm[] {
    const form = this.#all.get(key);
    return form ? [{ element: place, name: form.name, form: this.readable(form) }] : [];
  }

  #forms(variables: Variables): readonly CaseForm[] {
    const application = this.#application;
    return [
      ...(application ? [{ element: applicationPlace, name: application.name, form: this.readable(application) }] : []),
      ...toldForms(variables).flatMap((told) => this.#formOf(told)),
      ...this.#steps.flatMap(({ task, form }): readonly CaseForm[] => {
        const name = { zh: task.name ?? task.id, en: task.documentation ?? task.name ?? task.id };
        return form ? [{ element: task.id, name, form: this.readable(form) }] : [];
      }),
    ];
  }

  #hides(form: Form | null, key: string): boolean {
    return form !== null && (this.#hidden.get(form.id)?.has(key) ?? false);
  }

  #stepForms(forms: Variables): Variables {
    return Object.fromEntries(
      Object.entries(forms).map(([element, values]) => {
        const form = this.#steps.find(({ task }) => task.id === element)?.form;
        return [element, isRecord(values) ? without(values, this.#hidden.get(form?.id ?? "")) : values];
      }),
    );
  }

  readable(form: Form): Form {
    const keys = [...(this.#hidden.get(form.id) ?? [])];
    return formForStep(
      form,
      keys.map((field) => ({ form: form.id, field, right: "hidden" })),
    );
  }
}

/** What was filled into a form: the request for the application, what was told by hand, the step's own values for a step. */
export function valuesOf(element: string, variables: Variables): Variables | null {
  const told = toldForms(variables).find(({ place }) => place === element);
  if (told) return told.values;
  const { request, forms } = variables;
  const values = element === applicationPlace ? request : isRecord(forms) ? forms[element] : undefined;
  return isRecord(values) ? values : null;
}

function without(values: Variables, hidden: ReadonlySet<string> | undefined): Variables {
  if (!hidden || hidden.size === 0) return values;
  return Object.fromEntries(Object.entries(values).filter(([key]) => !hidden.has(key)));
}

function isRecord(value: Json | undefined): value is Variables {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
