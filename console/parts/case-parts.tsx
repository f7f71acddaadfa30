import { Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import type { ViewerHandle } from "../../modeler/index.ts";
import type { ClockView } from "../../server/api/shared/common.schema.ts";
import type { HistoryLine, InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import type { DefinitionSummary } from "../../server/api/definitions/definitions.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { Failure, Loaded, useApi } from "./page.tsx";
import { Signal } from "./signal.tsx";
import { Sureness } from "./sureness.tsx";
import { chinaTime } from "./time.ts";

/** The way through the levels, with the organisation that holds the case now. */
export function CasePath({ path }: { path: InstanceDetail["path"] }) {
  const { t, term, pick } = useText();
  return (
    <ol className="path">
      {path.map(({ organisation, state }) => (
        <li key={organisation.id} data-state={state} aria-current={state === "now" ? "step" : undefined}>
          {pick(organisation.name)} · {term(organisation.level)}
          {state === "now" ? ` · ${t("nowAt")}` : ""}
        </li>
      ))}
    </ol>
  );
}

/** The process picture with what is done and where the case stands; the list beside it says the same in words. */
export function Picture({ definitionId, picture }: { definitionId: string; picture: InstanceDetail["picture"] }) {
  const definition = useApi<DefinitionSummary & { xml: string }>(`/api/definitions/${definitionId}`);
  return (
    <Loaded result={definition}>{(data) => <Canvas key={definitionId} xml={data.xml} picture={picture} />}</Loaded>
  );
}

function Canvas({ xml, picture }: { xml: string; picture: InstanceDetail["picture"] }) {
  const { t, language } = useText();
  const container = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(true);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let viewer: ViewerHandle | null = null;
    let gone = false;
    const open = async () => {
      const [{ createViewer }] = await Promise.all([
        import("../../modeler/index.ts"),
        import("../../modeler/modeler.css"),
      ]);
      if (gone || !container.current) return;
      viewer = await createViewer({ container: container.current, xml, language });
      if (gone) viewer?.destroy();
      else if (viewer) viewer.mark(picture);
      else setDrawn(false);
    };
    open().catch(setError);
    return () => {
      gone = true;
      viewer?.destroy();
    };
  }, [xml, language, picture]);
  if (error !== null) return <Failure error={error} />;
  if (!isDrawn) return <p className="muted">{t("notDrawn")}</p>;
  return <div ref={container} className="picture" />;
}

export function Clocks({ clocks }: { clocks: readonly ClockView[] }) {
  const { t, term, pick } = useText();
  return (
    <ul className="timeline">
      {clocks.map((clock) => (
        <li key={clock.id}>
          <div className="row">
            <strong title={clock.limitCode}>{pick(clock.name)}</strong>
            <Signal
              signal={clock.signal}
              left={clock.left}
              unit={clock.unit}
              dueAt={clock.dueAt}
              confidence={clock.dueConfidence}
            />
            <Tag>{term(`clock_${clock.state}`)}</Tag>
          </div>
          <div className="muted">
            {pick(clock.organisation.name)} · {t("statutory")} {clock.total} {t(clock.unit)} · {t("due")}{" "}
            {chinaTime(clock.dueAt)}
            <Sureness of={clock.dueConfidence} />
            {clock.promisedDueAt && ` · ${t("promised")} ${chinaTime(clock.promisedDueAt)}`}
            {clock.pauseReasonName &&
              ` · ${t("pausedFor", { reason: pick(clock.pauseReasonName), due: chinaTime(clock.dueIfResumedNow) })}`}
            {clock.round > 1 && ` · ${t("round", { count: clock.round })}`}
            {clock.extensionDays > 0 && ` · ${t("extended", { count: clock.extensionDays })}`}
            {clock.breachedAt && ` · ${t("breachedAt")} ${chinaTime(clock.breachedAt)}`} · {t("calendar")}{" "}
            {pick(clock.calendarName)}
          </div>
          <div className="muted">
            {t("basis")}《{clock.source.title}》{clock.source.article ?? ""}{" "}
            {clock.verified ? t("verified") : t("unverified")}
          </div>
        </li>
      ))}
    </ul>
  );
}

export function History({ lines }: { lines: readonly HistoryLine[] }) {
  const { t, pick } = useText();
  return (
    <ol className="timeline">
      {lines.map((line) => (
        <li key={line.seq} data-kind={line.actor.kind}>
          <span className="muted">{chinaTime(line.at)}</span>{" "}
          <strong>{line.actor.kind === "system" ? t("actorSystem") : line.actor.name}</strong>{" "}
          {line.actor.organisation && <span className="muted">{pick(line.actor.organisation.name)}</span>}{" "}
          {pick(line.sentence)}
          {line.reasonCode && <Tag>{line.reasonCode}</Tag>}
          {line.opinion && <div>“{line.opinion}”</div>}
        </li>
      ))}
    </ol>
  );
}
