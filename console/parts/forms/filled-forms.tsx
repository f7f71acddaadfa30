import type { DeliverySpecificationView } from "../../../server/api/shared/delivery.schema.ts";
import type { FilledForm } from "../../../server/api/shared/filled.schema.ts";
import { fieldsOf, type Field } from "../../../engine/forms/form.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRegions } from "../regions.ts";
import { ReadValue, useWords } from "./read-value.tsx";
import { formOf } from "./wire.ts";
import "./forms.css";

/** What was filled in so far, form by form, as this reader may see it. */
export function FilledForms({ filled }: { filled: readonly FilledForm[] }) {
  const { pick } = useText();
  return filled.map(({ element, name, form, values }) => {
    const fields = fieldsOf(formOf(form).components).filter(({ key }) => isFilled(values[key]));
    if (fields.length === 0) return null;
    return (
      <section key={element} className="filled">
        <h3>{pick(name)}</h3>
        <dl className="fields">
          {fields.map((field) => (
            <Line key={field.key} field={field} value={values[field.key]} />
          ))}
        </dl>
      </section>
    );
  });
}

function Line({ field, value }: { field: Field; value: unknown }) {
  const { pick } = useText();
  return (
    <>
      <dt>{pick(field.label)}</dt>
      <dd>
        <ReadValue field={field} value={value} />
      </dd>
    </>
  );
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** What is delivered, item by item, for those who deliver, receive and use it. */
export function DeliveryCard({ specification }: { specification: DeliverySpecificationView }) {
  const { t, term, pick, colon, aside } = useText();
  const { nameOf } = useRegions();
  const say = useWords();
  // Where everything was refused, nothing is delivered.
  if (specification.items.length === 0) return null;
  const { items, regionFilter, mode, frequency, volume, from, to } = specification;
  return (
    <section className="card">
      <h2>{t("deliveryTitle")}</h2>
      <p className="muted">
        {t("deliveryArea")} {nameOf(regionFilter)} ·{" "}
        {[mode, frequency].flatMap((code) => (code === null ? [] : [term(code)])).join(" · ")}
        {volume !== null && ` · ${volume}`} · {from ?? ""} – {to ?? ""}
      </p>
      <ul className="read-rows">
        {items.map(({ code, name, nameEn, mask, narrowing }) => (
          <li key={code}>
            <strong>{pick({ zh: name, en: nameEn ?? name })}</strong>
            {colon}
            {mask === null && narrowing === null && t("deliveryPlain")}
            {mask !== null && `${t("item_masked")}${aside(say.mask(mask))}`}
            {narrowing !== null && ` ${t("item_narrowed")}${aside(say.narrowing(narrowing))}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
