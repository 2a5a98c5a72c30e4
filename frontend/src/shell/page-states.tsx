import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Problem } from "@/api/problem.ts";
import { useWords } from "@/lib/language.tsx";
import { PartMissing } from "@/shell/lazy-page.ts";
import { reloadWhenReachable } from "@/shell/reload.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Empty } from "@/ui/empty.tsx";
import { ProblemNote } from "@/ui/problem-note.tsx";
import { RowsSkeleton } from "@/ui/skeleton.tsx";

const WORDS = {
  en: {
    none: "There is no such page",
    noneMore: "The address may be mistyped, or the page may have moved.",
    home: "To the overview",
    pending: "The page is loading",
    part: "A part of the dashboard could not be loaded",
    partMore: "The connection broke, or a newer version was installed. The page reloads by itself.",
    broken: "This page failed",
    brokenMore:
      "That is a mistake of the dashboard. Reloading may help; if not, tell its operator.",
    reload: "Reload",
  },
  ru: {
    none: "Такой страницы нет",
    noneMore: "Возможно, в адресе опечатка или страница переехала.",
    home: "К обзору",
    pending: "Страница загружается",
    part: "Часть панели не загрузилась",
    partMore: "Прервалась связь или установлена новая версия. Страница перезагрузится сама.",
    broken: "Эта страница сломалась",
    brokenMore: "Это ошибка панели. Перезагрузка может помочь; если нет, скажите оператору.",
    reload: "Перезагрузить",
  },
};

const ASK_AGAIN_MS = 15_000;

export function NotFound() {
  const words = useWords(WORDS);
  return (
    <div className="mx-auto max-w-lg p-8">
      <h1 className="sr-only">{words.none}</h1>
      <Empty title={words.none}>
        <p className="mb-4">{words.noneMore}</p>
        <Link to="/" className={buttonClass("main")}>
          {words.home}
        </Link>
      </Empty>
    </div>
  );
}

/** A page whose code or first question failed: the address stays, and it is tried again. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  if (error instanceof PartMissing) return <PartFailed />;
  if (error instanceof Problem) return <QuestionFailed problem={error} reset={reset} />;
  return <Broken />;
}

function QuestionFailed({ problem, reset }: { problem: Problem; reset: () => void }) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  useEffect(() => {
    if (!problem.isPassing) return;
    const wait = problem.retryAfter ? problem.retryAfter * 1000 : ASK_AGAIN_MS;
    const timer = setTimeout(() => void router.invalidate(), wait);
    return () => clearTimeout(timer);
  }, [problem, router]);
  return (
    <div className="mx-auto max-w-2xl p-4 sm:p-8">
      <ProblemNote problem={problem} onAgain={again} />
    </div>
  );
}

function PartFailed() {
  const words = useWords(WORDS);
  useEffect(() => reloadWhenReachable(), []);
  return <Failed title={words.part} more={words.partMore} />;
}

function Broken() {
  const words = useWords(WORDS);
  return <Failed title={words.broken} more={words.brokenMore} />;
}

function Failed({ title, more }: { title: string; more: string }) {
  const words = useWords(WORDS);
  return (
    <div role="alert" className="mx-auto max-w-2xl p-4 sm:p-8">
      <Empty title={title}>
        <p className="mb-4">{more}</p>
        <Button look="main" onClick={() => location.reload()}>
          {words.reload}
        </Button>
      </Empty>
    </div>
  );
}

export function PagePending() {
  const words = useWords(WORDS);
  return (
    <div className="p-4 sm:p-6" role="status" aria-label={words.pending}>
      <RowsSkeleton rows={8} />
    </div>
  );
}
