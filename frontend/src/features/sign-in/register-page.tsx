import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Problem } from "@/api/problem.ts";
import { meQuery } from "@/api/queries.ts";
import { Door } from "@/features/sign-in/door.tsx";
import { RegisterForm } from "@/features/sign-in/register-form.tsx";
import { REGISTER } from "@/features/sign-in/words.ts";
import { useWords } from "@/lib/language.tsx";
import { type Credentials, signIn } from "@/lib/session.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Refusal } from "@/ui/refusal.tsx";

type Made = { name: string; problem: Problem | null };

/** A new account; who has registered is signed in, unless somebody is already. */
export function RegisterPage() {
  const words = useWords(REGISTER);
  const client = useQueryClient();
  const router = useRouter();
  const [made, setMade] = useState<Made | null>(null);
  const goOn = async ({ name, password }: Credentials) => {
    if (client.getQueryData(meQuery.queryKey)) return setMade({ name, problem: null });
    try {
      await signIn(client, { name, password });
      router.history.replace("/");
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem("broken");
      setMade({ name, problem });
    }
  };
  return (
    <Door
      title={made ? words.done(made.name) : words.title}
      note={made ? words.doneNote : words.note}
      foot={!made && <Foot />}
    >
      {made ? <Done made={made} /> : <RegisterForm onMade={goOn} />}
    </Door>
  );
}

function Done({ made: { problem } }: { made: Made }) {
  const words = useWords(REGISTER);
  return (
    <div className="space-y-4">
      {problem ? (
        <Refusal problem={problem} sentences={words.sentences} />
      ) : (
        <CircleCheck size={36} aria-hidden className="text-good" />
      )}
      <Link to={problem ? "/sign-in" : "/settings"} className={buttonClass("main")}>
        {problem ? words.signIn : words.toSettings}
      </Link>
    </div>
  );
}

function Foot() {
  const words = useWords(REGISTER);
  return (
    <p>
      {words.haveAccount}{" "}
      <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
        {words.signIn}
      </Link>
    </p>
  );
}
