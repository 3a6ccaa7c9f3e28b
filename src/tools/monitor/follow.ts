/** Shows the status again and again: when the cluster tells of a change, when a key is pressed, and now and then. */
import type { Duration } from '../../core/base/time.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';

/** A cluster that can be asked, until it goes away. */
export interface Source<Facts> {
  readonly read: () => Promise<Facts | undefined>;
  readonly onChange: (listener: () => void) => void;
  readonly onClose: (listener: () => void) => void;
  readonly close: () => void;
}

export interface FollowOptions<Facts> {
  readonly connect: () => Promise<Source<Facts> | undefined>;
  /** The whole display; of nothing while the cluster does not answer. */
  readonly show: (facts: Facts | undefined) => string;
  /** True ends it. */
  readonly onKey: (key: string) => boolean;
  readonly interval: Duration;
  readonly screen: Screen;
}

export interface Screen {
  readonly draw: (text: string) => void;
  readonly onKey: (listener: (key: string) => void) => void;
  readonly close: () => void;
}

/** Changes that come in a burst are shown once, this long after the first. */
const GATHERING = 200;
const BETWEEN_ATTEMPTS = 2000;

export function follow<Facts>(options: FollowOptions<Facts>): Promise<ExitCode> {
  return new Following(options).run();
}

class Following<Facts> {
  readonly #options: FollowOptions<Facts>;
  #source: Source<Facts> | undefined;
  #facts: Facts | undefined;
  #timer: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #ended = false;
  #end: (exit: ExitCode) => void = () => undefined;

  constructor(options: FollowOptions<Facts>) {
    this.#options = options;
  }

  run(): Promise<ExitCode> {
    const { screen, onKey } = this.#options;
    const ended = new Promise<ExitCode>(resolve => {
      this.#end = resolve;
    });
    screen.onKey(key => {
      if (onKey(key)) this.#stop();
      else this.#draw();
    });
    process.once('SIGTERM', () => this.#stop());
    process.once('SIGINT', () => this.#stop());
    void this.#refresh();
    return ended;
  }

  #stop(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#gathering);
    this.#source?.close();
    this.#options.screen.close();
    this.#end('ok');
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#source ??= await this.#connect();
    this.#facts = await this.#source?.read();
    if (this.#ended) return;
    this.#draw();
    const wait = this.#source === undefined ? BETWEEN_ATTEMPTS : this.#options.interval;
    this.#timer = setTimeout(() => void this.#refresh(), wait);
  }

  async #connect(): Promise<Source<Facts> | undefined> {
    const source = await this.#options.connect();
    source?.onChange(() => {
      this.#gathering ??= setTimeout(() => void this.#refresh(), GATHERING);
    });
    source?.onClose(() => {
      if (this.#source !== source || this.#ended) return;
      this.#source = undefined;
      void this.#refresh();
    });
    return source;
  }

  #draw(): void {
    this.#options.screen.draw(this.#options.show(this.#facts));
  }
}
