//! A plot with its title, its legend, and the files that it can be taken along as.

use super::export;
use super::same::Same;
use web_sys::Element;
use yew::prelude::*;

/// Makes a plot's numbers, when they are asked for.
pub(crate) type Numbers = Same<Box<dyn Fn() -> String>>;

/// What a figure is given.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Its title.
    pub(crate) title: AttrValue,
    /// The name of its files, without their endings.
    pub(crate) file: &'static str,
    /// Its numbers as comma-separated values.
    pub(crate) numbers: Numbers,
    /// Its legend, and what can be chosen.
    #[prop_or_default]
    pub(crate) legend: Html,
    /// The picture: an SVG of the class `picture`, or one in an element of that class.
    pub(crate) children: Html,
}

/// A plot with its title and files.
#[component]
pub(crate) fn Figure(props: &Props) -> Html {
    let node = use_node_ref();
    let picture = {
        let (node, name) = (node.clone(), format!("{}.svg", props.file));
        Callback::from(move |_: MouseEvent| {
            if let Some(element) = node.cast::<Element>() {
                export::save_picture(&name, &element);
            }
        })
    };
    let numbers = {
        let (numbers, name) = (props.numbers.clone(), format!("{}.csv", props.file));
        Callback::from(move |_: MouseEvent| export::save(&name, "text/csv", &numbers()))
    };
    html! {
        <figure class="plot" ref={node} data-plot={props.file}>
            <figcaption>
                <span>{ props.title.clone() }</span>
                { props.legend.clone() }
                <span class="plot-files">
                    <button type="button" class="link" onclick={picture} aria-label={format!("{} as SVG", props.title)}>{ "SVG" }</button>
                    <button type="button" class="link" onclick={numbers} aria-label={format!("{} as CSV", props.title)}>{ "CSV" }</button>
                </span>
            </figcaption>
            { props.children.clone() }
        </figure>
    }
}

/// A drawn picture, as an element.
pub(crate) fn drawn(picture: &str) -> Html {
    Html::from_html_unchecked(AttrValue::from(picture.to_owned()))
}
