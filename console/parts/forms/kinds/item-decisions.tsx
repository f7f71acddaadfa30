import { Button, Radio, Select, Tag } from "antd";
import { useState } from "react";
import type { ItemReason } from "../../../../engine/approval/item-problems.ts";
import type { ItemDecisionsField } from "../../../../engine/forms/form.ts";
import { useText } from "../../../i18n/i18n.ts";
import { blankDecision, kinds, type ItemDraft } from "../item-drafts.ts";
import { DecisionDetails } from "../decision-details.tsx";
import type { EntryProps } from "./entry.ts";

interface DecisionsProps extends EntryProps<ItemDecisionsField> {
  readonly reasons: readonly ItemReason[];
  /** Code of the area that the data are asked for. */
  readonly area: string | null;
}

/** A decision on each item: one choice a row, and what that choice needs; all of it by the keyboard alone. */
export function ItemDecisionsInput({ field, value, onChange, reasons, area }: DecisionsProps) {
  const { t, pick } = useText();
  const [restCode, setRestCode] = useState<string | null>(null);
  const decided = Array.isArray(value) ? (value as readonly ItemDraft[]) : [];
  const of = (code: string) => decided.find((draft) => draft.code === code);
  const put = (draft: ItemDraft) => onChange([...decided.filter(({ code }) => code !== draft.code), draft]);
  const choosable = reasons.filter(({ offers }) => offers !== "separablePart");
  const open = field.choices.filter((item) => !of(item.value));
  const refuseRest = () => {
    const rest = open.map((item) => ({ ...blankDecision(item.value, "refused"), reasonCode: restCode ?? "" }));
    onChange([...decided, ...rest]);
  };
  return (
    <div className="item-decisions">
      <div className="row">
        <Button onClick={() => onChange(field.choices.map((item) => blankDecision(item.value, "granted")))}>
          {t("itemsGrantAll")}
        </Button>
        <Select
          aria-label={t("itemsRefuseRestCode")}
          placeholder={t("itemsRefuseRestCode")}
          style={{ minWidth: 220 }}
          value={restCode}
          onChange={setRestCode}
          options={choosable.map(({ code, name }) => ({ value: code, label: `${code} ${pick(name)}` }))}
        />
        <Button disabled={restCode === null || open.length === 0} onClick={refuseRest}>
          {t("itemsRefuseRest")} ({open.length})
        </Button>
        {decided.length > 0 && <Button onClick={() => onChange(undefined)}>{t("itemsClear")}</Button>}
      </div>
      {field.choices.map((item) => {
        const draft = of(item.value);
        const name = pick(item.label);
        return (
          <div key={item.value} className="item-decision" role="group" aria-label={t("itemsDecisionOn", { name })}>
            <div>
              <strong>{name}</strong> {item.personalInfo && <Tag>{t("personal")}</Tag>}
            </div>
            <Radio.Group
              aria-label={t("itemsDecisionOn", { name })}
              optionType="button"
              value={draft?.decision ?? null}
              onChange={(event) => put(blankDecision(item.value, event.target.value))}
              options={kinds.map((kind) => ({ value: kind, label: t(`item_${kind}`) }))}
            />
            {draft && <DecisionDetails name={name} draft={draft} reasons={choosable} area={area} onChange={put} />}
          </div>
        );
      })}
      <p className="muted" aria-live="polite">
        {decided.length === 0 ? t("itemsImplied") : t("itemsSum", { ...countsOf(decided), open: open.length })}
      </p>
    </div>
  );
}

function countsOf(decided: readonly ItemDraft[]): Record<ItemDraft["decision"], number> {
  const count = (kind: ItemDraft["decision"]) => decided.filter(({ decision }) => decision === kind).length;
  return { granted: count("granted"), masked: count("masked"), narrowed: count("narrowed"), refused: count("refused") };
}
