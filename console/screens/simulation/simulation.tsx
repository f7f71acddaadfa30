import { App } from "antd";
import { useRef, useState } from "react";
import { useParams } from "react-router";
import type { definitionDetail, Vocabulary } from "../../../server/api/definitions/definitions.schema.ts";
import type { Scenario, SimulationResult } from "../../../server/api/simulations/simulations.schema.ts";
import type { z } from "zod";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { Failure, Loaded, Page, useApi } from "../../parts/page.tsx";
import { SimulationForm, type Wanted } from "./simulation-form.tsx";
import { Findings } from "./findings.tsx";

/** Runs many virtual cases of one version and shows where they would wait and which limits they would miss. */
export function SimulationScreen() {
  const { id = "" } = useParams();
  const { t, pick } = useText();
  const definition = useApi<z.infer<typeof definitionDetail>>(`/api/definitions/${id}`);
  const preset = useApi<{ scenario: Scenario | null }>(`/api/definitions/${id}/simulations/preset`);
  const title = definition.data
    ? `${t("simulation")} · ${pick(definition.data.name)} ${t("version")} ${definition.data.version}`
    : t("simulation");
  return (
    <Page title={title}>
      <Loaded result={preset}>{({ scenario }) => <Workbench key={id} definitionId={id} preset={scenario} />}</Loaded>
    </Page>
  );
}

type Outcome =
  | { readonly type: "none" }
  | { readonly type: "running" }
  | { readonly type: "failed"; readonly error: unknown }
  | { readonly type: "found"; readonly result: SimulationResult };

function Workbench({ definitionId, preset }: { definitionId: string; preset: Scenario | null }) {
  const { t } = useText();
  const { message } = App.useApp();
  const vocabulary = useApi<Vocabulary>("/api/definitions/vocabulary");
  const [outcome, setOutcome] = useState<Outcome>({ type: "none" });
  const running = useRef<AbortController | null>(null);
  const run = async (wanted: Wanted) => {
    const cancelling = new AbortController();
    running.current = cancelling;
    setOutcome({ type: "running" });
    try {
      const path = `/api/definitions/${definitionId}/simulations`;
      setOutcome({ type: "found", result: await api.postUntil<SimulationResult>(path, wanted, cancelling.signal) });
    } catch (error) {
      setOutcome(cancelling.signal.aborted ? { type: "none" } : { type: "failed", error });
      if (cancelling.signal.aborted) void message.info(t("simulationCancelled"));
    }
  };
  return (
    <>
      <SimulationForm
        preset={preset}
        isRunning={outcome.type === "running"}
        onRun={(wanted) => void run(wanted)}
        onCancel={() => running.current?.abort()}
      />
      <div aria-live="polite">
        {outcome.type === "none" && <p className="muted">{t("simulationEmpty")}</p>}
        {outcome.type === "running" && <p role="status">{t("simulationRunning")}</p>}
        {outcome.type === "failed" && <Failure error={outcome.error} />}
      </div>
      {outcome.type === "found" && <Findings result={outcome.result} roles={vocabulary.data?.roles ?? []} />}
    </>
  );
}
