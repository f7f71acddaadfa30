import { Alert, Button, Tag } from "antd";
import { useParams } from "react-router";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import { api } from "../api/client.ts";
import { useAttempt } from "../parts/attempt.ts";
import { useText } from "../i18n/i18n.ts";
import { deliverySpecification } from "../../server/api/shared/delivery.schema.ts";
import { ResourceLine } from "../parts/application.tsx";
import { DeliveryCard, FilledForms } from "../parts/forms/filled-forms.tsx";
import { CasePath, Clocks, History, Picture } from "../parts/case-parts.tsx";
import { Explanation } from "../parts/explanation.tsx";
import { RemainingSteps } from "../parts/choosing/remaining-steps.tsx";
import { CaseLedger } from "../parts/decision-records.tsx";
import { CaseTimeCard } from "../parts/case-time.tsx";
import { useRefreshAll } from "../parts/live.ts";
import { LiveNote } from "../parts/live-note.tsx";
import { CaseControlBar } from "../parts/returning/case-control.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { Related } from "../parts/related.tsx";
import { CaseTalk } from "../parts/talk/case-talk.tsx";
import { chinaTime } from "../parts/time.ts";

export function CaseScreen() {
  const { id = "" } = useParams();
  const instance = useApi<InstanceDetail>(`/api/instances/${id}`);
  return <Loaded result={instance}>{(data) => <Case instance={data} />}</Loaded>;
}

function Case({ instance }: { instance: InstanceDetail }) {
  const { t, pick, term, aside } = useText();
  const attempt = useAttempt();
  const refresh = useRefreshAll();
  const delivery = deliverySpecification.safeParse(instance.variables["delivery"]);
  const retry = (token: string) =>
    attempt(async () => {
      await api.post(`/api/instances/${instance.id}/operations`, { type: "retryIncident", token });
      await refresh();
    });
  return (
    <Page
      title={`${pick(instance.subject)} · ${instance.caseNumber}`}
      extra={<Tag>{term(`status_${instance.status}`)}</Tag>}
    >
      <p className="muted">
        {pick(instance.process.name)} {t("version")} {instance.process.version} · {t("due")} {chinaTime(instance.dueAt)}
        <Related items={instance.related} />
      </p>
      <LiveNote instanceId={instance.id} />
      <CasePath path={instance.path} />
      {instance.openIncidents.map((incident) => (
        <Alert
          key={incident.token}
          type="error"
          title={`${incident.element} ${incident.code}`}
          description={incident.message}
          action={<Button onClick={() => void retry(incident.token)}>{t("retryIncident")}</Button>}
        />
      ))}
      <section className="card">
        <h2>{t("picture")}</h2>
        <Picture definitionId={instance.process.definitionId} picture={instance.picture} />
      </section>
      <RemainingSteps instanceId={instance.id} />
      <CaseControlBar instanceId={instance.id} />
      <CaseTimeCard instanceId={instance.id} />
      <CaseTalk instanceId={instance.id} applicantId={instance.applicant.id} task={null} />
      <div className="columns">
        <section className="card">
          <h2>{t("clocks")}</h2>
          <Clocks clocks={instance.clocks} />
          <h2>{t("application")}</h2>
          <ResourceLine data={instance.variables} />
          <FilledForms filled={instance.filled} />
          {delivery.data && <DeliveryCard specification={delivery.data} />}
        </section>
        <section className="card">
          <h2>{t("steps")}</h2>
          <ol>
            {instance.steps.map((step) => (
              <li key={step.taskId ?? step.element}>
                <details>
                  <summary>
                    {pick(step.name)}
                    {step.kind === "decide" ? "" : aside(term(`kind_${step.kind}`))} ·{" "}
                    {step.organisation && pick(step.organisation.name)} ·{" "}
                    {step.closed ? pick(step.closed) : term(`task_${step.state}`)} {step.assignee ?? ""}
                  </summary>
                  <Explanation explanation={step.explanation} />
                </details>
              </li>
            ))}
          </ol>
          <CaseLedger instanceId={instance.id} />
          <h2>{t("history")}</h2>
          <History lines={instance.history} />
        </section>
      </div>
    </Page>
  );
}
