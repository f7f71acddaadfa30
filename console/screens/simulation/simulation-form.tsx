import { Alert, Button, Checkbox, Input, InputNumber } from "antd";
import { useState } from "react";
import type { Scenario } from "../../../server/api/simulations/simulations.schema.ts";
import { useText } from "../../i18n/i18n.ts";

/** What is sent: the scenario as it was edited; `null` takes the one that ships. */
export interface Wanted {
  readonly scenario: unknown;
  readonly cases: number;
  readonly seed: number;
  readonly history: boolean;
}

interface FormProps {
  readonly preset: Scenario | null;
  readonly isRunning: boolean;
  readonly onRun: (wanted: Wanted) => void;
  readonly onCancel: () => void;
}

export function SimulationForm({ preset, isRunning, onRun, onCancel }: FormProps) {
  const { t, pick } = useText();
  const shipped = preset ? JSON.stringify(preset, null, 2) : "";
  const [cases, setCases] = useState(preset?.cases ?? 1_000);
  const [seed, setSeed] = useState(preset?.seed ?? 1);
  const [history, setHistory] = useState(false);
  const [text, setText] = useState(shipped);
  const [fault, setFault] = useState<string | null>(null);
  const submit = () => {
    try {
      const scenario: unknown = text === shipped ? null : JSON.parse(text);
      setFault(null);
      onRun({ scenario, cases, seed, history });
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {preset ? (
        <p>
          <strong>{pick(preset.title)}</strong>
          {preset.note && <span className="muted"> · {pick(preset.note)}</span>}
        </p>
      ) : (
        <Alert type="info" showIcon title={t("noPreset")} />
      )}
      <div className="row">
        <label>
          {t("simulatedCases")}{" "}
          <InputNumber min={1} max={50_000} value={cases} onChange={(value) => setCases(value ?? 1)} />
        </label>
        <label>
          {t("seed")} <InputNumber min={0} max={4_294_967_295} value={seed} onChange={(value) => setSeed(value ?? 0)} />
        </label>
        <Checkbox checked={history} onChange={(event) => setHistory(event.target.checked)}>
          {t("useHistory")}
        </Checkbox>
      </div>
      <details open={preset === null}>
        <summary>{t("editScenario")}</summary>
        <Input.TextArea
          aria-label={t("editScenario")}
          className="scenario"
          autoSize={{ minRows: 10, maxRows: 24 }}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </details>
      {fault !== null && <Alert type="error" showIcon role="alert" title={t("scenarioNoJson")} description={fault} />}
      <div className="row" style={{ marginTop: 12 }}>
        <Button type="primary" htmlType="submit" loading={isRunning} disabled={text.trim() === ""}>
          {t("runSimulation")}
        </Button>
        {isRunning && <Button onClick={onCancel}>{t("cancelSimulation")}</Button>}
      </div>
    </form>
  );
}
