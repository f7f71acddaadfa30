import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox, Input, Modal, Radio, Tag } from "antd";
import { useState } from "react";
import type { ReturnBody, ReturnPreview, ReturnTargets } from "../../../server/api/returns/returns.schema.ts";
import type { TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { Defects, noDefects, type DefectRow } from "./defects.tsx";
import { PreviewOfReturn } from "./preview.tsx";

type Target = ReturnTargets["targets"][number];

/** Sends a case back: first where to, then what that does, then everything that is wrong, and only then it happens. */
export function ReturnButton({ task }: { task: TaskDetail }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("returnCase")}</Button>
      <Modal
        open={open}
        title={t("returnCase")}
        footer={null}
        width={760}
        destroyOnHidden
        onCancel={() => setOpen(false)}
      >
        <ReturnForm task={task} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function ReturnForm({ task, onDone }: { task: TaskDetail; onDone: () => void }) {
  const targets = useApi<ReturnTargets>(`/api/tasks/${task.id}/return/targets`);
  return <Loaded result={targets}>{(data) => <Choice task={task} targets={data} onDone={onDone} />}</Loaded>;
}

function Choice({ task, targets, onDone }: { task: TaskDetail; targets: ReturnTargets; onDone: () => void }) {
  const { t, term, pick } = useText();
  const [target, setTarget] = useState<Target | null>(null);
  const [afterwards, setAfterwards] = useState<ReturnBody["afterwards"]>("walkAgain");
  const [preview, setPreview] = useState<ReturnPreview | null>(null);
  const [told, setTold] = useState<Told>({ defects: noDefects, reason: "" });
  const looking = useMutation({
    mutationFn: async (to: Target) =>
      api.post<ReturnPreview>(`/api/tasks/${task.id}/return/preview`, { to: { element: to.element }, afterwards }),
    onSuccess: setPreview,
  });
  if (preview && target)
    return (
      <Confirmation
        {...{ task, target, afterwards, preview, onDone, told }}
        onTold={setTold}
        onBack={() => setPreview(null)}
      />
    );
  return (
    <>
      {looking.error !== null && <Failure error={looking.error} />}
      {targets.targets.length === 0 && <p>{t("returnNoTargets")}</p>}
      {targets.targets.length > 0 && (
        <fieldset className="field">
          <legend>{t("returnTo")}</legend>
          <Radio.Group
            disabled={looking.isPending}
            value={target?.element}
            onChange={(event) => {
              const found = targets.targets.find(({ element }) => element === event.target.value);
              setTarget(found ?? null);
              if (found) setAfterwards(found.afterwards);
            }}
          >
            {targets.targets.map((choice) => (
              <div key={choice.element}>
                <Radio value={choice.element}>
                  {pick(choice.name)} <span className="muted">{term(`returnKind_${choice.kind}`)}</span>{" "}
                  {choice.supplement && <Tag>{t("returnSupplement")}</Tag>}
                </Radio>
              </div>
            ))}
          </Radio.Group>
        </fieldset>
      )}
      {target && (
        <fieldset className="field">
          <legend>{t("returnAfter")}</legend>
          <Radio.Group
            disabled={looking.isPending}
            value={afterwards}
            onChange={(event) => setAfterwards(event.target.value)}
          >
            <Radio value="backToMe" disabled={target.noWayBack !== null}>
              {t("returnBackToMe")}
            </Radio>
            <Radio value="walkAgain">{t("returnWalkAgain")}</Radio>
          </Radio.Group>
          {target.noWayBack && <small className="muted">{pick(target.noWayBack)}</small>}
        </fieldset>
      )}
      {targets.refused.length > 0 && (
        <details>
          <summary>{t("returnRefused")}</summary>
          <ul>
            {targets.refused.map((refused) => (
              <li key={refused.element}>{pick(refused.because)}</li>
            ))}
          </ul>
        </details>
      )}
      {targets.targets.length > 0 && (
        <div className="row">
          <Button
            type="primary"
            loading={looking.isPending}
            disabled={!target}
            onClick={() => target && looking.mutate(target)}
          >
            {t("returnPreview")}
          </Button>
        </div>
      )}
    </>
  );
}

/** What is typed: it outlives a change of mind about where the case goes. */
interface Told {
  readonly defects: readonly DefectRow[];
  readonly reason: string;
}

interface Confirming {
  readonly task: TaskDetail;
  readonly target: Target;
  readonly afterwards: ReturnBody["afterwards"];
  readonly preview: ReturnPreview;
  readonly told: Told;
  readonly onTold: (told: Told) => void;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

function Confirmation({ task, target, afterwards, preview, told, onTold, onBack, onDone }: Confirming) {
  const { t, pick } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [confirmed, setConfirmed] = useState<readonly string[]>([]);
  const { defects, reason } = told;
  const [key] = useState(() => crypto.randomUUID());
  const blocked = preview.supplement.uses && preview.supplement.used && !preview.supplement.permitted;
  const isTold = defects.every(({ place, what, basis }) => place.trim() && what.trim() && basis.trim());
  const isReady = !blocked && isTold && reason.trim() !== "" && confirmed.length === preview.siblings.length;
  const sending = useMutation({
    mutationFn: async () => {
      const body = {
        to: { element: target.element },
        afterwards,
        defects: defects.map(({ place, what, basis }) => ({ place, what, basis })),
        reason,
        rev: task.rev,
        confirmedSiblings: confirmed,
      };
      await api.post(`/api/tasks/${task.id}/return`, body, key);
      void message.success(t("returnDone"));
      onDone();
      await refresh();
    },
  });
  return (
    <>
      <h3>
        {t("returnTo")} {pick(target.name)} · {t(afterwards === "backToMe" ? "returnBackToMe" : "returnWalkAgain")}
      </h3>
      <PreviewOfReturn preview={preview} />
      {blocked && <Alert type="error" showIcon title={t("returnSupplementUsed")} />}
      {preview.siblings.length > 0 && (
        <fieldset className="field">
          <legend>{t("returnSiblings")}</legend>
          {preview.siblings.map((sibling) => (
            <div key={sibling.task}>
              <Checkbox
                checked={confirmed.includes(sibling.task)}
                onChange={(event) =>
                  setConfirmed((before) =>
                    event.target.checked ? [...before, sibling.task] : before.filter((id) => id !== sibling.task),
                  )
                }
              >
                {pick(sibling.name)} · {pick(sibling.organisation.name)} {sibling.assignee ?? ""}
              </Checkbox>
            </div>
          ))}
        </fieldset>
      )}
      <Defects rows={defects} onChange={(rows) => onTold({ ...told, defects: rows })} />
      <label className="field">
        <span>
          {t("returnReason")} ({t("required")})
        </span>
        <Input.TextArea rows={2} value={reason} onChange={(event) => onTold({ ...told, reason: event.target.value })} />
      </label>
      {sending.error !== null && <Failure error={sending.error} />}
      <div className="row">
        <Button type="primary" danger disabled={!isReady} loading={sending.isPending} onClick={() => sending.mutate()}>
          {t("returnConfirm")}
        </Button>
        <Button onClick={onBack}>{t("back")}</Button>
      </div>
    </>
  );
}
