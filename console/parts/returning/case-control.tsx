import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Input, Modal } from "antd";
import { useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { CaseControl } from "../../../server/api/operations/case-operations.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { returnFocus } from "../focus.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, useApi } from "../page.tsx";
import { SelectField } from "../select-field.tsx";
import { chinaTime, instantOf } from "../time.ts";

type Operation = CaseControl["allowed"][number];
const paths: Readonly<Record<Operation, string>> = {
  withdrawApplication: "withdraw",
  jump: "jump",
  terminate: "terminate",
  suspend: "suspend",
  resume: "resume",
  restart: "restart",
};

/** What the reader may do to the whole case, each with its reason; and what is under way. Nothing for whoever may do nothing. */
export function CaseControlBar({ instanceId }: { instanceId: string }) {
  const { t, term, pick } = useText();
  const { data } = useApi<CaseControl>(`/api/instances/${instanceId}/control`);
  const [asked, setAsked] = useState<Operation | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const close = () => {
    setAsked(null);
    returnFocus(opener.current);
  };
  if (!data) return null;
  const { allowed, jump, suspension, restartedAs, restartOf } = data;
  if (allowed.length + restartedAs.length + restartOf.length === 0 && !jump && !suspension) return null;
  return (
    <section className="card" aria-label={t("caseControl")}>
      <h2>{t("caseControl")}</h2>
      {suspension && (
        <Alert
          type="warning"
          showIcon
          title={t("opSuspended", { cause: pick(suspension.name), reason: suspension.reason })}
          description={suspension.until && t("opSuspendedUntil", { at: chinaTime(suspension.until) })}
        />
      )}
      {jump && <AskedJump instanceId={instanceId} jump={jump} may={allowed.includes("jump")} />}
      <Links label={t("opRestartedAs")} links={restartedAs} />
      <Links label={t("opRestartOf")} links={restartOf} />
      <div className="row">
        {allowed.map((operation) => (
          <Button
            key={operation}
            danger={operation === "terminate" || operation === "withdrawApplication"}
            onClick={(event) => {
              opener.current = event.currentTarget;
              setAsked(operation);
            }}
          >
            {term(`op_${operation}`)}
          </Button>
        ))}
      </div>
      {asked && (
        <Modal open title={term(`op_${asked}`)} footer={null} destroyOnHidden onCancel={close}>
          <OperationForm instanceId={instanceId} operation={asked} control={data} onDone={close} />
        </Modal>
      )}
    </section>
  );
}

function Links({ label, links }: { label: string; links: CaseControl["restartedAs"] }) {
  const { colon } = useText();
  return links.map((link) => (
    <p key={link.instanceId}>
      {label} <Link to={`/cases/${link.instanceId}`}>{link.caseNumber}</Link>
      {colon}
      {link.reason}
    </p>
  ));
}

interface Asked {
  readonly instanceId: string;
  readonly operation: Operation;
  readonly control: CaseControl;
  readonly onDone: () => void;
}

function OperationForm({ instanceId, operation, control, onDone }: Asked) {
  const { t, term, pick } = useText();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const refresh = useRefreshAll();
  const [reason, setReason] = useState("");
  const [cause, setCause] = useState<string | null>(control.causes[0]?.code ?? null);
  const [until, setUntil] = useState("");
  const [element, setElement] = useState<string | null>(null);
  const [basis, setBasis] = useState<string | null>("mediation");
  const [key] = useState(() => crypto.randomUUID());
  const extra: Readonly<Record<Operation, object>> = {
    withdrawApplication: {},
    terminate: {},
    resume: {},
    jump: { element },
    suspend: { cause, until: instantOf(until) },
    restart: { basis },
  };
  const chosen = control.causes.find(({ code }) => code === cause);
  const sending = useMutation({
    mutationFn: async () => {
      const path = `/api/instances/${instanceId}/${paths[operation]}`;
      const answer = await api.post<{ instanceId?: string }>(path, { reason, ...extra[operation] }, key);
      void message.success(t("opDone"));
      await refresh();
      onDone();
      if (operation === "restart" && answer.instanceId) await navigate(`/cases/${answer.instanceId}`);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      {operation === "suspend" && (
        <>
          <SelectField
            id="suspend-cause"
            label={t("opCause")}
            value={cause}
            onChange={setCause}
            options={control.causes.map(({ code, name }) => ({ value: code, label: pick(name) }))}
          />
          {chosen && <CauseRule cause={chosen} />}
          <label className="field">
            <span>{t("opUntil")}</span>
            <Input type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />
          </label>
        </>
      )}
      {operation === "jump" && (
        <SelectField
          id="jump-step"
          label={t("opStep")}
          value={element}
          onChange={setElement}
          options={control.steps.map((step) => ({ value: step.element, label: pick(step.name) }))}
        />
      )}
      {operation === "restart" && (
        <SelectField
          id="restart-basis"
          label={t("opBasis")}
          value={basis}
          onChange={setBasis}
          options={["mediation", "governmentDecision", "overseer"].map((code) => ({
            value: code,
            label: term(`opBasis_${code}`),
          }))}
        />
      )}
      <label className="field">
        <span>
          {t("opReason")} ({t("required")})
        </span>
        <Input.TextArea rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      {sending.error !== null && <Failure error={sending.error} />}
      <div className="row">
        <Button
          type="primary"
          htmlType="submit"
          loading={sending.isPending}
          disabled={reason.trim() === "" || (operation === "jump" && element === null)}
        >
          {t("confirm")}
        </Button>
        <Button onClick={onDone}>{t("cancel")}</Button>
      </div>
    </form>
  );
}

/** What a cause does to the clocks, and what that rests on. */
function CauseRule({ cause: { rests, source, verified } }: { cause: CaseControl["causes"][number] }) {
  const { t, term, colon } = useText();
  return (
    <p className="muted">
      {rests === null ? t("opClocksRunOn") : t("opClocksRest", { reason: term(`rests_${rests}`) })} {t("basis")}
      {colon}《{source.title}》{source.article ?? ""} {verified ? t("verified") : t("unverified")}
    </p>
  );
}

function AskedJump({
  instanceId,
  jump,
  may,
}: {
  instanceId: string;
  jump: NonNullable<CaseControl["jump"]>;
  may: boolean;
}) {
  const { t, pick } = useText();
  const refresh = useRefreshAll();
  const [reason, setReason] = useState("");
  const settling = useMutation({
    mutationFn: async (accepted: boolean) => {
      await api.post(`/api/instances/${instanceId}/jump/settle`, { accepted, reason });
      await refresh();
    },
  });
  return (
    <>
      <Alert
        type="info"
        showIcon
        title={t("opJumpAsked", { who: jump.askedBy, step: pick(jump.name), reason: jump.reason })}
      />
      {settling.error !== null && <Failure error={settling.error} />}
      {may && !jump.mine && (
        <div className="row">
          <Input
            aria-label={t("opReason")}
            placeholder={t("opReason")}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            type="primary"
            loading={settling.isPending}
            disabled={reason.trim() === ""}
            onClick={() => settling.mutate(true)}
          >
            {t("opJumpConfirm")}
          </Button>
          <Button loading={settling.isPending} disabled={reason.trim() === ""} onClick={() => settling.mutate(false)}>
            {t("opJumpRefuse")}
          </Button>
        </div>
      )}
    </>
  );
}
