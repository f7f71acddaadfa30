import { useState } from "react";
import type { z } from "zod";
import type { people, PersonEntry } from "../../../server/api/people/people.schema.ts";
import { query } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { Failure, useApi } from "../page.tsx";
import { SelectField } from "../select-field.tsx";

interface Organisation {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
}

interface PickerProps {
  readonly id: string;
  readonly label: string;
  readonly organisations: readonly Organisation[];
  /** The work that is to be given away: who can't have it is shown with the reason. */
  readonly about?: { readonly task: string; readonly operation: string };
  readonly value: string | null;
  readonly onChange: (person: string | null, name: string) => void;
  readonly without?: string | null;
  readonly allowClear?: boolean;
}

/** Chooses somebody of one of the organisations. */
export function PersonPicker({ id, label, organisations, about, value, onChange, without, allowClear }: PickerProps) {
  const { t, pick, aside, list } = useText();
  const [chosen, setChosen] = useState<string | null>(null);
  const organisation = chosen ?? organisations[0]?.id ?? null;
  const found = useApi<z.infer<typeof people>>(
    organisation === null ? null : `/api/people${query({ organisation, ...about })}`,
  );
  const items = found.data?.items ?? [];
  const text = ({ name, roles, barred }: PersonEntry) =>
    `${name} · ${list(roles.map((role) => pick(role.name)))}${barred ? aside(pick(barred)) : ""}`;
  return (
    <>
      {organisations.length > 1 && (
        <SelectField<string>
          id={`${id}-organisation`}
          label={t("organisation")}
          value={organisation}
          onChange={(next) => {
            setChosen(next);
            onChange(null, "");
          }}
          options={organisations.map((each) => ({ value: each.id, label: pick(each.name) }))}
        />
      )}
      {found.error && <Failure error={found.error} />}
      <SelectField<string>
        id={id}
        label={label}
        loading={found.isPending && organisation !== null}
        value={value}
        allowClear={allowClear ?? false}
        onChange={(next) => onChange(next ?? null, items.find((person) => person.id === next)?.name ?? "")}
        showSearch={{ optionFilterProp: "label" }}
        options={items
          .filter((person) => person.id !== without)
          .map((person) => ({ value: person.id, label: text(person), disabled: person.barred !== null }))}
      />
    </>
  );
}
