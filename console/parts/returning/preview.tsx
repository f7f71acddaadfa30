import { Alert } from "antd";
import type { ReturnPreview } from "../../../server/api/returns/returns.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { chinaTime } from "../time.ts";

/** What a return does, before it is done. */
export function PreviewOfReturn({ preview }: { preview: ReturnPreview }) {
  const { t, term, pick, colon } = useText();
  const { uses, used, permitted } = preview.supplement;
  return (
    <>
      <h3>{t("returnFallen")}</h3>
      {preview.fallen.length === 0 && <p>{t("returnNone")}</p>}
      <ul>
        {preview.fallen.map((decision) => (
          <li key={decision.task}>
            {pick(decision.name)}
            {colon}
            {pick(decision.outcome)} · {decision.who ?? ""} {chinaTime(decision.decidedAt)}
          </li>
        ))}
      </ul>
      <h3>{t("returnActing")}</h3>
      <ol>
        {preview.acting.map((step, index) => (
          <li key={`${step.element}${String(index)}`}>
            {pick(step.name)} · {pick(step.organisation.name)} · {step.person ?? pick(step.role)}{" "}
            {step.again && <span className="muted">{t("returnActingAgain")}</span>}
          </li>
        ))}
      </ol>
      <h3>{t("returnClocks")}</h3>
      {preview.clocks.length === 0 && <p>{t("returnNone")}</p>}
      <ul>
        {preview.clocks.map((clock) => (
          <li key={clock.limit}>
            {pick(clock.name)}
            {colon}
            {term(`returnClock_${clock.effect}`)} {clock.later && term(`returnLater_${clock.later}`)} ·{" "}
            {chinaTime(clock.dueBefore)} → {chinaTime(clock.dueAfter)}
          </li>
        ))}
      </ul>
      {!uses && <p>{t("returnSupplementFree")}</p>}
      {uses && !used && <Alert type="warning" showIcon title={t("returnUsesSupplement")} />}
      {uses && used && permitted && <Alert type="warning" showIcon title={t("returnSupplementPermitted")} />}
    </>
  );
}
