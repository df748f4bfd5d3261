import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Action of an AWS request: `DescribeStacks`, `GetItem`; empty for others. */
  readonly action: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answers = Readonly<Record<string, (request: SeenRequest) => Reply>>;

/** Outputs of a complete deployment, by stack name. The API is the fake cloud itself. */
export function stacksOf(apiUrl: string, prefix = 'millrace-local'): Record<string, Record<string, string>> {
  return {
    [`${prefix}-data`]: {
      RawBucketName: 'raw',
      CuratedBucketName: 'curated',
      ArtifactBucketName: 'artifacts',
      LedgerTableName: 'ledger',
      RoutingTableName: 'routing',
      EventBusName: 'bus',
      ModelPackageGroupPrefix: prefix,
      Projects: '["wine","breast-cancer"]',
    },
    [`${prefix}-training`]: {
      TrainingMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:t',
      TrainerImage: '000000000000.dkr.ecr.us-east-1.amazonaws.com/t/trainer:1',
    },
    [`${prefix}-serving`]: {
      ApiUrl: apiUrl,
      RolloutMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:r',
      RollBackFunctionName: 'roll-back',
      ServeFunctionName: 'serve-predictions',
      CaptureStreamName: 'capture',
    },
    [`${prefix}-monitoring`]: { MonitorsTableName: 'monitors' },
  };
}

export class FakeCloud {
  readonly requests: SeenRequest[] = [];
  /** By action, or by method and path: `PUT /raw/wine/a.csv`. */
  answers: Answers = {};
  stacks: Record<string, Record<string, string>> = {};
  readonly #server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const text = body.toString('utf8');
      const target = String(request.headers['x-amz-target'] ?? '');
      const seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        action: target.split('.').at(-1) || (/(?:^|&)Action=(\w+)/.exec(text)?.[1] ?? ''),
        headers: request.headers,
        body: text,
      };
      this.requests.push(seen);
      this.#reply(seen, response);
    });
  });

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.stacks = stacksOf(this.url);
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  sent(action: string): SeenRequest[] {
    return this.requests.filter((request) => request.action === action);
  }

  #reply(seen: SeenRequest, response: ServerResponse): void {
    const place = `${seen.method} ${seen.path.split('?')[0]}`;
    const answer = this.answers[seen.action] ?? this.answers[place];
    const reply = answer
      ? answer(seen)
      : seen.action === 'DescribeStacks'
        ? this.#describe(seen)
        : notFaked(place, seen);
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
  }

  #describe({ body }: SeenRequest): Reply {
    const name = new URLSearchParams(body).get('StackName') ?? '';
    const outputs = this.stacks[name];
    if (!outputs) {
      return {
        status: 400,
        body:
          '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>' +
          `<Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
      };
    }
    const members = Object.entries(outputs).map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${value.replaceAll('"', '&quot;')}</OutputValue></member>`,
    );
    return {
      body:
        '<DescribeStacksResponse><DescribeStacksResult><Stacks><member>' +
        `<StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>` +
        '<CreationTime>2026-11-21T00:00:00Z</CreationTime>' +
        `<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    };
  }
}

export const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) });

function notFaked(place: string, { action }: SeenRequest): Reply {
  return json({ __type: 'NotFaked', message: `the fake cloud does not know ${action || place}` }, 400);
}
