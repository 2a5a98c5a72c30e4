import {
  Bot,
  Gauge,
  LayoutDashboard,
  type LucideIcon,
  MessagesSquare,
  Server,
  Settings,
  Users,
} from "lucide-react";
import type { Words } from "@/lib/language.tsx";

export type PageId =
  | "overview"
  | "users"
  | "dialogs"
  | "models"
  | "quality"
  | "system"
  | "settings";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    page?: PageId;
    /** Whether a window of time has a meaning there. */
    hasWindow?: boolean;
    /** Whether the window is compared with another one; it is unless this says no. */
    hasComparison?: boolean;
  }
}

/** The pages in the order of the menu; `key` goes there after a G. */
export const PAGES = [
  { id: "overview", to: "/", icon: LayoutDashboard, key: "o" },
  { id: "users", to: "/users", icon: Users, key: "u" },
  { id: "dialogs", to: "/dialogs", icon: MessagesSquare, key: "i" },
  { id: "models", to: "/models", icon: Bot, key: "m" },
  { id: "quality", to: "/quality", icon: Gauge, key: "q" },
  { id: "system", to: "/system", icon: Server, key: "s" },
  { id: "settings", to: "/settings", icon: Settings, key: "e" },
] as const satisfies readonly { id: PageId; to: string; icon: LucideIcon; key: string }[];

export const PAGE_NAMES: Words<Record<PageId, string>> = {
  en: {
    overview: "Overview",
    users: "Users",
    dialogs: "Dialogs",
    models: "Models",
    quality: "Quality",
    system: "System",
    settings: "Settings",
  },
  ru: {
    overview: "Обзор",
    users: "Люди",
    dialogs: "Диалоги",
    models: "Модели",
    quality: "Качество",
    system: "Система",
    settings: "Настройки",
  },
};
