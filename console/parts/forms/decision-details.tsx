import { Input, InputNumber, Select } from "antd";
import type { ItemReason } from "../../../engine/approval/item-problems.ts";
import type { Mask, Narrowing } from "../../../engine/approval/items.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRegions } from "../regions.ts";
import { unnarrowed, type ItemDraft } from "./item-drafts.ts";

interface DetailsProps {
  readonly name: string;
  readonly draft: ItemDraft;
  readonly reasons: readonly ItemReason[];
  /** Code of the area that the data are asked for. */
  readonly area: string | null;
  readonly onChange: (draft: ItemDraft) => void;
}

/** What a decision on an item needs besides its kind. */
export function DecisionDetails({ name, draft, reasons, area, onChange }: DetailsProps) {
  switch (draft.decision) {
    case "granted":
      return null;
    case "masked":
      return <MaskEntry name={name} mask={draft.mask} onChange={(mask) => onChange({ ...draft, mask })} />;
    case "narrowed":
      return (
        <NarrowingEntry
          name={name}
          narrowing={draft.narrowing}
          area={area}
          onChange={(narrowing) => onChange({ ...draft, narrowing })}
        />
      );
    case "refused":
      return <Refusal name={name} draft={draft} reasons={reasons} area={area} onChange={onChange} />;
  }
}

const hows = ["keepFirst", "keepLast", "hash", "blank"] as const;

function MaskEntry({ name, mask, onChange }: { name: string; mask: Mask; onChange: (mask: Mask) => void }) {
  const { t } = useText();
  const make = (how: Mask["how"]): Mask =>
    how === "keepFirst" || how === "keepLast" ? { how, count: "count" in mask ? mask.count : 4 } : { how };
  return (
    <div className="row">
      <Select
        aria-label={`${t("itemsMask")} ${name}`}
        style={{ minWidth: 140 }}
        value={mask.how}
        onChange={(how) => onChange(make(how))}
        options={hows.map((how) => ({ value: how, label: t(`mask_${how}`) }))}
      />
      {"count" in mask && (
        <InputNumber
          aria-label={`${t("itemsCount")} ${name}`}
          min={1}
          max={50}
          precision={0}
          value={mask.count}
          onChange={(count) => onChange({ ...mask, count: count ?? 1 })}
        />
      )}
    </div>
  );
}

function NarrowingEntry({
  name,
  narrowing,
  area,
  onChange,
}: {
  name: string;
  narrowing: Narrowing;
  area: string | null;
  onChange: (narrowing: Narrowing) => void;
}) {
  const { t } = useText();
  const { options, optionsIn } = useRegions();
  const day = (key: "from" | "to", label: string) => (
    <label>
      <small>{label}</small>
      <Input
        type="date"
        aria-label={`${label} ${name}`}
        value={narrowing[key] ?? ""}
        onChange={(event) => onChange({ ...narrowing, [key]: event.target.value === "" ? null : event.target.value })}
      />
    </label>
  );
  return (
    <div className="row narrowing">
      <label>
        <small>{t("itemsRegions")}</small>
        <Select
          mode="multiple"
          aria-label={`${t("itemsRegions")} ${name}`}
          style={{ minWidth: 180 }}
          showSearch={{ optionFilterProp: "label" }}
          value={[...narrowing.regions]}
          onChange={(regions) => onChange({ ...narrowing, regions })}
          options={area === null ? options : optionsIn(area)}
        />
      </label>
      <label>
        <small>{t("itemsRows")}</small>
        <InputNumber
          aria-label={`${t("itemsRows")} ${name}`}
          min={1}
          precision={0}
          value={narrowing.rows}
          onChange={(rows) => onChange({ ...narrowing, rows })}
        />
      </label>
      {day("from", t("itemsFrom"))}
      {day("to", t("itemsTo"))}
    </div>
  );
}

type RefusedDraft = Extract<ItemDraft, { decision: "refused" }>;

function Refusal({ name, draft, reasons, area, onChange }: DetailsProps & { readonly draft: RefusedDraft }) {
  const { t, pick } = useText();
  const reason = reasons.find(({ code }) => code === draft.reasonCode);
  const offers = reason?.offers === "narrowerScope";
  return (
    <div className="refusal">
      <Select
        aria-label={`${t("itemsReason")} ${name}`}
        placeholder={t("itemsReason")}
        style={{ width: "100%" }}
        value={draft.reasonCode === "" ? null : draft.reasonCode}
        onChange={(reasonCode) => {
          const next = reasons.find(({ code }) => code === reasonCode);
          onChange({
            ...draft,
            reasonCode,
            offer: next?.offers === "narrowerScope" ? (draft.offer ?? unnarrowed) : null,
          });
        }}
        options={reasons.map((known) => ({ value: known.code, label: `${known.code} ${pick(known.name)}` }))}
      />
      {reason?.needsCitation && (
        <Input
          aria-label={`${t("itemsCitation")} ${name}`}
          placeholder={t("itemsCitation")}
          value={draft.citation ?? ""}
          onChange={(event) => onChange({ ...draft, citation: event.target.value === "" ? null : event.target.value })}
        />
      )}
      <Input.TextArea
        aria-label={`${t("itemsReasonText")} ${name}`}
        placeholder={`${t("itemsReasonText")}${reason && reason.minimumReasonLength > 0 ? ` · ${t("atLeast", { count: reason.minimumReasonLength })}` : ""}`}
        rows={2}
        value={draft.reason}
        onChange={(event) => onChange({ ...draft, reason: event.target.value })}
      />
      {offers && (
        <>
          <small>{t("itemsOffer")}</small>
          <NarrowingEntry
            name={name}
            narrowing={draft.offer ?? unnarrowed}
            area={area}
            onChange={(offer) => onChange({ ...draft, offer })}
          />
        </>
      )}
    </div>
  );
}
