import { Tag } from "antd";
import type { CaseForecast } from "../../../server/api/forecasts/forecasts.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";

/** What is ahead of a case: who would act, when, and on which decisions that depends. */
export function RemainingSteps({ instanceId }: { instanceId: string }) {
  const { t } = useText();
  const forecast = useApi<CaseForecast>(`/api/instances/${instanceId}/forecast`);
  return (
    <section className="card" aria-labelledby="remaining-steps">
      <h2 id="remaining-steps">{t("remaining")}</h2>
      <Loaded result={forecast}>{(data) => <Steps forecast={data} />}</Loaded>
    </section>
  );
}

type Step = CaseForecast["steps"][number];

function Steps({ forecast: { steps, end } }: { forecast: CaseForecast }) {
  const { t, pick } = useText();
  if (steps.length === 0 && end.how === "ended") return <p>{t("remainingNone")}</p>;
  return (
    <>
      <p className="muted">{t("remainingAssumes")}</p>
      <ol className="timeline">
        {steps.map((step) => (
          <li key={`${step.element} ${step.visit}`} data-kind={step.isOpen ? "person" : undefined}>
            <strong>{pick(step.name)}</strong> {step.isOpen && <Tag color="processing">{t("remainingOpen")}</Tag>}{" "}
            {step.repeats && <Tag>{t("remainingRepeats")}</Tag>} {step.organisation && pick(step.organisation.name)}{" "}
            {step.role && `· ${pick(step.role)}`}
            <People step={step} />
            <Moments step={step} />
            {step.dependsOn.length > 0 && <Dependences step={step} />}
          </li>
        ))}
      </ol>
      <p>
        {end.how === "ended"
          ? t("remainingEnds", { earliest: chinaTime(end.earliest), latest: chinaTime(end.latest) })
          : t(`remainingEnd_${end.how}`, { where: end.name ? pick(end.name) : "" })}{" "}
        {end.message && <span className="muted">{end.message}</span>}
      </p>
    </>
  );
}

function People({ step: { people, ground, asksAll } }: { step: Step }) {
  const { t, aside, list } = useText();
  if (people.length === 0) return null;
  return (
    <div>
      {list(people.map(({ name }) => name))}{" "}
      <span className="muted">{aside(t(`remainingGround_${asksAll && ground === "role" ? "all" : ground}`))}</span>
    </div>
  );
}

function Moments({ step: { isOpen, opens, due } }: { step: Step }) {
  const { t } = useText();
  const range = (earliest: string | null, latest: string | null) =>
    earliest === latest || latest === null ? chinaTime(earliest) : `${chinaTime(earliest)} – ${chinaTime(latest)}`;
  return (
    <div className="muted">
      {!isOpen && t("remainingOpens", { when: range(opens.earliest, opens.latest) })}{" "}
      {(due.earliest ?? due.latest) !== null && t("remainingDue", { when: range(due.earliest, due.latest) })}
    </div>
  );
}

function Dependences({ step: { dependsOn } }: { step: Step }) {
  const { t, pick } = useText();
  return (
    <div>
      {dependsOn.map((on) => (
        <Tag key={`${on.on} ${on.element}`}>{t(`remainingDepends_${on.on}`, { what: pick(on.name) })}</Tag>
      ))}
    </div>
  );
}
