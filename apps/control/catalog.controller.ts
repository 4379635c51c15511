// What can be connected, and the OpenAPI document of everything that can be called.
import { Controller, Get } from '@nestjs/common';
import { openApiDocument, type IntegrationAnswer } from '@sluice/api';
import { catalog } from '@sluice/catalog';
import type { CatalogEntry } from '@sluice/contracts';
import { OpenToEverybody } from './caller.ts';
import { operations } from './operations/index.ts';

@Controller('api/v1')
export class CatalogController {
  private readonly document = openApiDocument(operations, '0.1.0');

  @Get('integrations')
  integrations(): IntegrationAnswer[] {
    return [...catalog.values()].map(answerOf);
  }

  @Get('openapi.json')
  @OpenToEverybody()
  openApi(): Record<string, unknown> {
    return this.document;
  }
}

const answerOf = ({ slug, label, authentication, metadata, actions }: CatalogEntry): IntegrationAnswer => ({
  name: label,
  type: slug,
  authentication,
  settings: metadata,
  actions,
});
