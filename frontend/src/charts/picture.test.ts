import { beforeEach, describe, expect, it, vi } from "vitest";
import { composePicture, savePicture, written } from "@/charts/picture.ts";

const SVG = "http://www.w3.org/2000/svg";
const CAPTION = { title: "Ranking <b>&", note: "Parley · 15–21 Nov · UTC" };

function drawn(legend: [string, string][] = [["Questions", "--series-1"]]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", "640");
  svg.setAttribute("height", "240");
  svg.setAttribute("class", "absolute");
  svg.setAttribute("data-legend", JSON.stringify(legend));
  svg.innerHTML =
    '<g class="fill-x"><rect class="fill-series-1" style="opacity: 1"/><path fill="url(#hatch)"/></g>';
  return svg;
}

/** As a browser with our style sheet would compute it. */
const styleOf = (element: Element) => ({
  getPropertyValue: (name: string) => {
    if (element === document.documentElement) return ` of(${name}) `;
    if (name === "fill") return element.tagName === "path" ? "rgb(9, 9, 9)" : "rgb(31, 107, 102)";
    return name === "stroke" ? "none" : "";
  },
});

describe("a picture of a chart", () => {
  const picture = () => composePicture(drawn(), CAPTION, styleOf);

  it("needs no style sheet: colours are attributes, and patterns stay", () => {
    const rect = picture().querySelector("g > rect:not([rx])");
    expect(rect?.getAttribute("fill")).toBe("rgb(31, 107, 102)");
    expect(rect?.getAttribute("stroke")).toBe("none");
    expect(picture().querySelector("svg path")?.getAttribute("fill")).toBe("url(#hatch)");
    expect(written(picture())).not.toMatch(/class=|style=|data-legend/);
  });

  it("has its title, what its colours mean, and of which time it speaks", () => {
    const texts = [...picture().querySelectorAll("text")].map((text) => text.textContent);
    expect(texts).toEqual([CAPTION.title, "Questions", CAPTION.note]);
    expect(picture().querySelector("g > rect[rx]")?.getAttribute("fill")).toBe("of(--series-1)");
  });

  it("lies on paper of its theme", () => {
    expect(picture().firstElementChild?.getAttribute("fill")).toBe("of(--sheet)");
  });

  it("is a document that can be read again", () => {
    const read = new DOMParser().parseFromString(written(picture()), "image/svg+xml");
    expect(read.querySelector("parsererror")).toBeNull();
    expect(read.documentElement.getAttribute("width")).toBe("680");
    expect(read.querySelector("text")?.textContent).toBe(CAPTION.title);
  });

  it("grows with its legend", () => {
    const heightOf = (count: number) => {
      const legend = Array.from({ length: count }, (_, at): [string, string] => [
        `vendor/model-number-${at}`,
        "--series-1",
      ]);
      return Number(composePicture(drawn(legend), CAPTION, styleOf).getAttribute("height"));
    };
    expect(heightOf(12)).toBeGreaterThan(heightOf(2));
    expect(heightOf(2)).toBeGreaterThan(heightOf(0));
  });
});

describe("saving it", () => {
  beforeEach(() => {
    vi.stubGlobal(
      "Image",
      class {
        src = "";
        async decode() {}
      },
    );
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue({ drawImage } as never);
    vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:image/png;base64,AA");
  });
  const drawImage = vi.fn();

  it("draws it twice as large, and downloads it from an address that the policy allows", async () => {
    const saved: HTMLAnchorElement[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(
      this: HTMLAnchorElement,
    ) {
      saved.push(this);
    });
    await savePicture(drawn(), CAPTION, "parley.png");
    const [image, , , width] = drawImage.mock.calls[0] ?? [];
    expect(image.src).toMatch(/^data:image\/svg\+xml/);
    expect(width).toBe(1360);
    expect(saved.map(({ href, download }) => [href, download])).toEqual([
      ["data:image/png;base64,AA", "parley.png"],
    ]);
  });
});
