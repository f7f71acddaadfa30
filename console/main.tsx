import "../modeler/no-eval.ts";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/es/locale/en_US.js";
import zhCN from "antd/es/locale/zh_CN.js";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Shell } from "./shell.tsx";
import { nameLists } from "./parts/name-lists.ts";
import { Session } from "./parts/session.tsx";
import { SignIn } from "./screens/sign-in.tsx";
import { useText } from "./i18n/i18n.ts";
import "./console.css";
import "./parts/talk/talk.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: 1, staleTime: 2_000, refetchOnWindowFocus: false },
    // Without a network what is sent fails and says so at once, and is not kept back to be sent unseen later.
    mutations: { networkMode: "always" },
  },
});

/** Asked for in the settings of the system by whom movement distracts or makes unwell. */
const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// Status colours that keep WCAG contrast on antd's own backgrounds.
const theme = {
  token: {
    motion: !isStill,
    colorPrimary: "#0b57a4",
    colorError: "#b3261e",
    colorErrorBg: "#fdeceb",
    colorWarning: "#8a5300",
    colorWarningBg: "#fff4dc",
    colorSuccess: "#1b6e2d",
    colorSuccessBg: "#e7f5ea",
    colorInfo: "#0b57a4",
    colorInfoBg: "#e8f1fb",
    colorTextSecondary: "rgba(0,0,0,.72)",
    colorTextTertiary: "rgba(0,0,0,.66)",
    colorTextDescription: "rgba(0,0,0,.68)",
    colorTextPlaceholder: "rgba(0,0,0,.62)",
  },
};

// A click beside a dialog must not throw away what was typed in it: it is closed by its buttons or by Escape.
const dialogs = { mask: { closable: false } } as const;

function Root() {
  const { language } = useText();
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enUS}
      theme={theme}
      button={{ autoInsertSpace: false }}
      modal={dialogs}
      wave={{ disabled: isStill }}
    >
      <AntApp>
        <BrowserRouter>
          <Session signedOut={<SignIn />}>
            <Shell />
          </Session>
        </BrowserRouter>
      </AntApp>
    </ConfigProvider>
  );
}

nameLists(document.body);

const container = document.getElementById("root");
if (container) {
  createRoot(container).render(
    <QueryClientProvider client={queries}>
      <Root />
    </QueryClientProvider>,
  );
}
