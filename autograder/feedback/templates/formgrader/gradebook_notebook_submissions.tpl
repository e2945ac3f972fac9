{%- extends 'nbgrader/gradebook_notebook_submissions.tpl' -%}

{%- block head -%}
{{ super() }}
<script>
{% include 'graders.js' %}
</script>
<style>
  .graders { margin: 0 0 1em; display: flex; flex-wrap: wrap; gap: 0.5em 2em; align-items: baseline; }
  .graders label { font-weight: normal; margin: 0; }
  .graders input, .graders select { margin-left: 0.4em; padding: 0.2em; max-width: 14em; }
  @media (max-width: 767px) {
    .graders { flex-direction: column; }
    .table-responsive, #main-table { font-size: 90%; }
    body { overflow-x: auto; }
  }
</style>
{%- endblock -%}
