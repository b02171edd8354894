//! Our own filter `table`: a list of records as a Markdown or an HTML table.

use super::{Answer, Call, Filter, shown};
use crate::engine::{Escape, Flaw};
use crate::landing::html_text;
use crate::places::Src;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[("table", table)];

/// Most cells of a table.
const MOST: usize = 1 << 20;

/// `rows|table(['name', 'v'], headers=['Name', 'Value'])`: a row for each record, its fields
/// escaped. Without columns, those of the first record. A field that is missing is an error, unless
/// the template declares it optional; then its cell is empty.
fn table(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["columns", "headers"])?;
    let items = call.items()?;
    let columns = match &args[0] {
        Some(columns) if !matches!(columns.val, Val::None) => {
            call.machine.items(columns, call.line)?
        }
        _ => keys(items.first())?,
    };
    let headers = match &args[1] {
        Some(headers) => call.machine.items(headers, call.line)?,
        None => columns.clone(),
    };
    if headers.len() != columns.len() || columns.is_empty() {
        let (headers, columns) = (headers.len(), columns.len());
        return Err(Flaw::Error(format!("{headers} headers for {columns} columns")));
    }
    if items.len().saturating_mul(columns.len()) > MOST {
        return Err(Flaw::Error(format!("more than {MOST} cells")));
    }
    let mut src = Src::None;
    let mut rows = Vec::with_capacity(items.len());
    for item in &items {
        let mut row = Vec::with_capacity(columns.len());
        for column in &columns {
            let value = call.machine.item(item, column, call.line)?;
            let value = call.machine.present(value, call.line)?;
            let own = value.deep();
            call.machine.placeholders(call.line, &own)?;
            src = call.machine.join(&src, &own);
            row.push(value);
        }
        rows.push(row);
    }
    let text = match call.machine.escape {
        Escape::Html => html(&headers, &rows)?,
        _ => markdown(&headers, &rows)?,
    };
    Ok(Tracked { val: Val::safe(text), src })
}

fn keys(first: Option<&Tracked>) -> Result<Vec<Tracked>, Flaw> {
    match first.map(|item| &item.val) {
        Some(Val::Map(map)) => Ok(map.borrow().iter().map(|(key, _)| key.clone().into()).collect()),
        Some(_) => Err(Flaw::Error("needs a list of dictionaries".to_owned())),
        None => Err(Flaw::Error("an empty list has no columns: name them".to_owned())),
    }
}

fn is_number(val: &Val) -> bool {
    matches!(val, Val::Int(_) | Val::Float(_))
}

/// Whether a column holds numbers only, so that it is set to the right.
fn numeric(rows: &[Vec<Tracked>], column: usize) -> bool {
    !rows.is_empty() && rows.iter().all(|row| is_number(&row[column].val))
}

fn markdown(headers: &[Tracked], rows: &[Vec<Tracked>]) -> Result<String, Flaw> {
    let mut out = String::new();
    let cell = |value: &Tracked| -> Result<String, Flaw> {
        let text = shown(&value.val)?;
        if is_number(&value.val) { Ok(text) } else { Ok(escape::markdown::inline(&text)) }
    };
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    out.push_str(&line(headers.iter().map(cell).collect::<Result<_, _>>()?));
    let rule = |at| if numeric(rows, at) { "---:" } else { "---" };
    out.push_str(&format!("|{}|\n", (0..headers.len()).map(rule).collect::<Vec<_>>().join("|")));
    for row in rows {
        out.push_str(&line(row.iter().map(cell).collect::<Result<_, _>>()?));
    }
    Ok(out)
}

fn html(headers: &[Tracked], rows: &[Vec<Tracked>]) -> Result<String, Flaw> {
    let mut out = String::from("<table>\n<thead><tr>");
    for header in headers {
        out.push_str(&format!("<th scope=\"col\">{}</th>", html_text(&shown(&header.val)?)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for value in row {
            let class = if is_number(&value.val) { " class=\"num\"" } else { "" };
            out.push_str(&format!("<td{class}>{}</td>", html_text(&shown(&value.val)?)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    Ok(out)
}
