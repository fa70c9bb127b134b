"""A real OpenSearch node without Docker: the published archive, fetched once by Maven, on any Java from 21 on."""
