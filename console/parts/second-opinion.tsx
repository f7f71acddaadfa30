import { Alert, Button } from "antd";
import { useState } from "react";
import type { ComparedScenario, SecondOpinion, TraceStep } from "../../server/api/definitions/definitions.schema.ts";
import { useText } from "../i18n/i18n.ts";

/** What bpmn-engine says to a process: counts, and each difference with what happened before it. */
export function SecondOpinionCard({ opinion }: { opinion: SecondOpinion }) {
  const { t } = useText();
  const { counts, scenarios, uncovered, uncompared } = opinion;
  const differing = scenarios.filter(({ verdict }) => verdict.verdict !== "agrees");
  return (
    <section className="card" aria-live="polite">
      <h2>{t("secondOpinion")}</h2>
      <Alert
        type={counts.suspicious > 0 ? "warning" : "info"}
        showIcon
        title={t("secondOpinionCounts", { ...counts })}
        description={counts.suspicious > 0 ? t("secondOpinionSuspicious") : t("secondOpinionWhat")}
      />
      {differing.map((scenario) => (
        <Difference key={scenario.steps.map(({ en }) => en).join("→")} scenario={scenario} />
      ))}
      {uncovered.length > 0 && <p>{t("secondOpinionUncovered", { ids: uncovered.join(", ") })}</p>}
      {uncompared.length > 0 && <p>{t("secondOpinionUncompared", { ids: uncompared.join(", ") })}</p>}
    </section>
  );
}

function Difference({ scenario: { steps, verdict } }: { scenario: ComparedScenario }) {
  const { t, pick } = useText();
  const [open, setOpen] = useState(verdict.verdict === "suspicious");
  if (verdict.verdict === "agrees") return null;
  const words = steps.map(pick);
  const at = "at" in verdict ? verdict.at : steps.length - 1;
  return (
    <div style={{ marginTop: 8 }}>
      <Button type="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {verdict.verdict === "suspicious" && `⚠ ${t("opinionDiffers")}`}
        {verdict.verdict === "knownLimit" &&
          `${t("opinionKnownLimit")}: ${verdict.limits.map(({ text }) => pick(text)).join("; ")}`}
        {verdict.verdict === "noOpinion" && `${t("opinionNone")}: ${verdict.reason}`}
      </Button>
      {open && <p>{words.slice(0, at + 1).join(" → ")}</p>}
      {open && verdict.verdict === "suspicious" && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("opinionStep")}</th>
              <th scope="col">Jieli</th>
              <th scope="col">bpmn-engine</th>
            </tr>
          </thead>
          <tbody>
            {verdict.ours.map((ours, index) => (
              <tr key={words[at + index]}>
                <td>{words[at + index]}</td>
                <td>
                  <Side step={ours} />
                </td>
                <td>
                  <Side step={verdict.theirs[index]} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Side({ step }: { step: TraceStep | undefined }) {
  const { t } = useText();
  if (!step) return null;
  const list = (ids: readonly string[]) => (ids.length === 0 ? "–" : ids.join(", "));
  return (
    <>
      {t("opinionCompleted")}: {list(step.completed)}
      <br />
      {t("opinionTaken")}: {list(step.taken)}
      <br />
      {t("opinionOpen")}: {list(step.open)}
      <br />
      {t(`opinionStatus_${step.status}`)}
    </>
  );
}
