import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, createApp } from "@/app.tsx";
import "@/styles.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App parts={createApp()} />
    </StrictMode>,
  );
}
