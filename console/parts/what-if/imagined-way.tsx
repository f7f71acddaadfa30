import { Alert, Tag } from "antd";
import type { ImaginedCaseView } from "../../../server/api/what-if/what-if.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Explanation } from "../explanation.tsx";
import { Sureness } from "../sureness.tsx";
import { chinaTime } from "../time.ts";

/** The way of one imagined case, step by step, with what follows where somebody decides otherwise. */
export function ImaginedWay({ imagined }: { imagined: ImaginedCaseView }) {
  const { t, pick, term, colon, list } = useText();
  const { applicant, process, problem, steps, skipped, end, deviations, total } = imagined;
  return (
    <section className="card">
      <h2>
        {pick(applicant.name)} · {term(applicant.level)}
      </h2>
      {problem && <Alert type="error" showIcon title={pick(problem)} />}
      {process && <p className="muted">{`${process.key} ${pick(process.name)}`}</p>}
      {total && <Totals total={total} />}
      <ol className="timeline">
        {steps.map((step) => (
          <li key={`${step.element} ${step.visit}`}>
            <strong>{pick(step.name)}</strong>{" "}
            {step.organisation && `${pick(step.organisation.name)} · ${step.role ? pick(step.role) : ""}`}
            <div>
              {step.limit && (
                <>
                  {step.limit.code} {step.limit.value} {t(step.limit.unit)}{" "}
                  <Tag>{t(step.limit.verified ? "verified" : "unverified")}</Tag>
                </>
              )}
              <Due due={step.due} />
            </div>
            <details>
              <summary>{t("why")}</summary>
              <Explanation explanation={step.explanation} />
            </details>
          </li>
        ))}
      </ol>
      {end && (
        <p>
          {t(`end_${end.how}`)}
          {end.name && `${colon}${pick(end.name)}`} {end.message}
        </p>
      )}
      {skipped.length > 0 && (
        <p className="muted">
          {t("skipped")}
          {colon}
          {list(skipped.map(({ name }) => pick(name)))}
        </p>
      )}
      {deviations.length > 0 && (
        <details>
          <summary>{t("otherwise")}</summary>
          <ul>
            {deviations.map((deviation) => (
              <li key={`${deviation.element} ${deviation.outcome.en}`}>
                {pick(deviation.name)}
                {colon}
                {pick(deviation.outcome)} → {deviation.steps.map((name) => pick(name)).join(" → ")}{" "}
                <span className="muted">
                  {t(`end_${deviation.end.how}`)} {deviation.end.name ? pick(deviation.end.name) : ""}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Due({ due }: { due: ImaginedCaseView["steps"][number]["due"] }) {
  const { t, aside } = useText();
  if (due.earliest === null) return null;
  const [earliest, latest] = [chinaTime(due.earliest), chinaTime(due.latest)];
  return (
    <span className="muted">
      {t("due")} {earliest === latest ? earliest : `${earliest} – ${latest}${aside(t("atTheLatest"))}`}
      <Sureness of={due.confidence} />
    </span>
  );
}

function Totals({ total }: { total: NonNullable<ImaginedCaseView["total"]> }) {
  const { t, colon, comma } = useText();
  return (
    <p>
      {t("allLimits", { count: total.workingDays })} ({chinaTime(total.endsBy)}){" "}
      {total.promised && (
        <Tag color={total.withinPromise ? "success" : "error"}>
          {t(total.withinPromise ? "withinPromise" : "beyondPromise")}
          {colon}
          {total.promised.code} {total.promised.value}
          {comma}
          {chinaTime(total.promisedBy)}
        </Tag>
      )}
    </p>
  );
}
