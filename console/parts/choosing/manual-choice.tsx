import { useQuery } from "@tanstack/react-query";
import { Input, Radio, Tag } from "antd";
import { useEffect, useState } from "react";
import type { z } from "zod";
import type { ChoicesView } from "../../../server/api/choices/choices.schema.ts";
import type { manualChoice, TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import type { Values } from "../forms/form-view.tsx";
import { Loaded } from "../page.tsx";
import { SelectField } from "../select-field.tsx";

export type ManualChoice = z.infer<typeof manualChoice>;
export const noChoice: ManualChoice = { branch: null, people: {}, reason: "" };

interface ChoosingProps {
  readonly task: TaskDetail;
  readonly outcome: string;
  readonly form: Values;
  readonly value: ManualChoice;
  readonly onChange: (value: ManualChoice) => void;
  /** While the decision is being sent there is nothing to ask any more. */
  readonly sending: boolean;
}

/** What all questions about choices begin with. Whoever sends the decision calls off one that is still being answered. */
export const choicesKey = "choices";

/** Asks only when typing has come to rest. */
const restMs = 400;

/** The branch and the people that whoever decides so may choose, as the server offers them. */
export function Choosing({ task, outcome, form, value, onChange, sending }: ChoosingProps) {
  const body = useAtRest(JSON.stringify({ outcome, form, branch: value.branch }));
  const offered = useQuery({
    queryKey: [choicesKey, task.id, task.rev, body],
    queryFn: ({ signal }) => api.postUntil<ChoicesView>(`/api/tasks/${task.id}/choices`, JSON.parse(body), signal),
    enabled: !sending,
    placeholderData: (before) => before,
  });
  return (
    <Loaded result={offered}>
      {(offer) =>
        offer.branch || offer.people.length > 0 ? <Offered offer={offer} value={value} onChange={onChange} /> : null
      }
    </Loaded>
  );
}

function useAtRest(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** Whether the choice departs from how the case would go without it, and so needs a reason. */
function departs({ branch, people }: ChoicesView, value: ManualChoice): boolean {
  const ruled = branch?.flows.find((flow) => flow.ruled)?.flow;
  const otherWay = branch !== null && value.branch !== null && value.branch !== ruled;
  return otherWay || people.some(({ element, required }) => !required && (value.people[element] ?? []).length > 0);
}

function Offered({ offer, value, onChange }: Pick<ChoosingProps, "value" | "onChange"> & { offer: ChoicesView }) {
  const { t, pick } = useText();
  const { branch, people, formComplete } = offer;
  const ruled = branch?.flows.find((flow) => flow.ruled)?.flow ?? null;
  return (
    <fieldset className="card">
      <legend>{t("choosing")}</legend>
      {!formComplete && <p className="muted">{t("choosingFormFirst")}</p>}
      {branch && (
        <fieldset className="field">
          <legend>{t("choosingBranch")}</legend>
          <Radio.Group
            value={value.branch ?? ruled}
            onChange={(event) => onChange({ ...value, branch: event.target.value, people: {} })}
          >
            {branch.flows.map((flow) => (
              <div key={flow.flow}>
                <Radio value={flow.flow}>
                  {pick(flow.name)} {flow.ruled && <Tag>{t("choosingByRule")}</Tag>}
                </Radio>
              </div>
            ))}
          </Radio.Group>
        </fieldset>
      )}
      {people.map((asked) => (
        <PeopleField
          key={asked.element}
          asked={asked}
          value={value.people[asked.element] ?? []}
          onChange={(ids) => onChange({ ...value, people: withPeople(value.people, asked.element, ids) })}
        />
      ))}
      <label className="field">
        <span>
          {t("choosingReason")}
          {departs(offer, value) ? ` (${t("required")})` : ""}
        </span>
        <Input.TextArea
          rows={2}
          maxLength={2000}
          required={departs(offer, value)}
          value={value.reason}
          onChange={(event) => onChange({ ...value, reason: event.target.value })}
        />
      </label>
    </fieldset>
  );
}

function withPeople(people: ManualChoice["people"], element: string, ids: readonly string[]): ManualChoice["people"] {
  const others = Object.fromEntries(Object.entries(people).filter(([key]) => key !== element));
  return ids.length === 0 ? others : { ...others, [element]: [...ids] };
}

interface PeopleFieldProps {
  readonly asked: ChoicesView["people"][number];
  readonly value: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}

function PeopleField({ asked, value, onChange }: PeopleFieldProps) {
  const { t, pick, list } = useText();
  const { element, name, organisation, role, required, least, most, persons, excluded, fixed } = asked;
  const id = `choose-${element}`;
  const label = `${t("choosingPeople", { step: pick(name) })}${required ? ` (${t("required")})` : ""}`;
  const options = [
    ...persons.map((person) => ({ value: person.id, label: person.name })),
    ...excluded.map((person) => ({
      value: person.id,
      label: t("choosingExcluded", { who: person.name }),
      disabled: true,
    })),
  ];
  const shown = { options, showSearch: { optionFilterProp: "label" } };
  return (
    <>
      {most === 1 ? (
        <SelectField<string | null>
          id={id}
          label={label}
          allowClear={!required}
          value={value[0] ?? null}
          onChange={(next) => onChange(next ? [next] : [])}
          {...shown}
        />
      ) : (
        <SelectField<string[]>
          id={id}
          label={label}
          mode="multiple"
          value={[...value]}
          onChange={(next) => onChange(next)}
          {...shown}
        />
      )}
      <p className="muted">
        {pick(organisation.name)} · {pick(role.name)}
        {most > 1 && ` · ${t("choosingCount", { least, most })}`}
        {fixed.length > 0 && ` · ${t("choosingFixed", { who: list(fixed.map((person) => person.name)) })}`}
        {!required && ` · ${t("choosingFree")}`}
      </p>
    </>
  );
}
